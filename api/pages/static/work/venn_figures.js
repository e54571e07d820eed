// What follows from a diagram, in sentences; and in what the women's and the men's differ.
import { make } from "./elements.js";
import { get } from "./requests.js";
import { data, say } from "./words.js";

const named = (one) => one[`name_${data.language}`] || one.name_ky || one.name_ru || one.name_en;
const listed = (all) => all.map(named).join(", ");

/** Put the figures of a network into a list. */
export function showFigures(list, network) {
  const lines = [];
  if (network) {
    lines.push(say("venn_page.figure.counts", { institutions: network.institutions.length, ties: network.ties.filter((tie) => !["apart", "unknown"].includes(tie.relation)).length }));
    if (network.components.length > 1) lines.push(say("venn_page.figure.groups", { groups: network.components.length }));
    const most = Math.max(...network.institutions.map((one) => one.degree));
    for (const one of network.institutions.filter((each) => most > 0 && each.degree === most).slice(0, 2)) lines.push(say("venn_page.figure.centre", { name: named(one), ties: most }));
    if (network.without_local_government.length) lines.push(say("venn_page.figure.without", { names: listed(network.without_local_government) }));
    for (const need of network.needed_without_tie) lines.push(say("venn_page.figure.needed", { first: named(need.institution), second: named(need.needs) }));
  }
  put(list, lines);
}

/** Compare the women's diagram with the men's, as the service does. */
export async function showDifferences(list, event) {
  const { body: found } = await get(`/api/v1/events/${event}/venn/comparison?first=women&second=men`);
  const lines = [];
  if (found.only_first.length) lines.push(say("venn_page.only_first", { names: found.only_first.join(", ") }));
  if (found.only_second.length) lines.push(say("venn_page.only_second", { names: found.only_second.join(", ") }));
  for (const one of found.other_sizes) lines.push(say("venn_page.other_size", { name: one.name, first: say(`venn_page.size.${one.first}`).toLowerCase(), second: say(`venn_page.size.${one.second}`).toLowerCase() }));
  for (const one of found.other_ties) lines.push(say("venn_page.other_tie", { first: one.names[0], second: one.names[1], women: say(`venn_page.tie.${one.first}`), men: say(`venn_page.tie.${one.second}`) }));
  put(list, lines.length ? lines : [say("venn_page.no_difference")]);
}

/** Say that there is nothing to compare yet. */
export const showNothing = (list) => put(list, [say("venn_page.not_both")]);

function put(list, lines) {
  list.replaceChildren(...lines.map((line) => {
    const item = make("li");
    item.textContent = line;
    return item;
  }));
}
