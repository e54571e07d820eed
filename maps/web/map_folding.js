// Reduces names to what all their usual spellings share, as geo/domain/names.py does: ң is н, ө is о, ү is у, ё is е.
(function (ayilmap) {
  "use strict";

  const FOLDED = new Map();
  for (const [letters, plain] of [
    ["ңӊҥӈ", "н"], ["өӧӫ", "о"], ["үұӱўӯ", "у"], ["ёѐ", "е"], ["іїӏ", "и"], ["қҡҝ", "к"], ["ғӷ", "г"], ["ҳһ", "х"],
    ["җӂӝ", "ж"], ["й", "й"], ["ş", "sh"], ["ç", "ch"], ["ı", "i"],
  ]) for (const letter of letters) FOLDED.set(letter, plain);
  const LOOK_ALIKE = new Map([..."abcehikmoptxy"].map((letter, at) => [letter, "авсеникмортху"[at]]));
  const SOUNDS = new Map([..."абвгджзийклмнопрстуфхыэе"].map((letter, at) => [letter, "abvgdjziiklmnoprstufhiee"[at]]));
  for (const [letter, sound] of [["ц", "ts"], ["ч", "ch"], ["ш", "sh"], ["щ", "sh"], ["ъ", ""], ["ь", ""], ["ю", "iu"], ["я", "ia"]]) SOUNDS.set(letter, sound);
  const SPELLINGS = { shch: "S", sh: "S", ch: "C", dzh: "j", dj: "j", zh: "j", kh: "h", gh: "g", ng: "n", ye: "e", y: "i", q: "k", w: "v" };
  const SPELLING = new RegExp(Object.keys(SPELLINGS).join("|"), "g");
  // As Python's casefold does where it differs from small letters.
  const casefold = (words) => words.toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ");

  ayilmap.fold = function (name) {
    const small = casefold(name.normalize("NFKC"));
    const plain = [...small].map((letter) => FOLDED.get(letter) || letter.normalize("NFKD")).join("").replace(/[^\p{L}\p{N}]/gu, "");
    return /[\u0400-\u052f]/.test(plain) ? [...plain].map((letter) => LOOK_ALIKE.get(letter) || letter).join("") : plain;
  };

  // The sound that Cyrillic and Latin spellings share: Көк-Жаңгак, Kök Jangak and Kok-Dzhangak are one.
  ayilmap.latinKey = function (folded) {
    const sounds = [...folded].map((letter) => (SOUNDS.has(letter) ? SOUNDS.get(letter) : letter)).join("");
    return casefold(sounds.replace(SPELLING, (found) => SPELLINGS[found]).replace(/(.)\1+/gu, "$1"));
  };
})(window.ayilmap);
