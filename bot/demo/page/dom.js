// Building elements. Text is always a text node: nothing a person wrote is ever read as HTML.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SHAPES = {
  menu: "M4 7h16M4 12h16M4 17h16",
  compass: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M15.5 8.5l-2 5-5 2 2-5z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  send: "M4 12l16-8-5 16-3.5-6.5z",
  attach: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.4a1.7 1.7 0 0 1-2.4-2.4L14.500 7",
  close: "M6 6l12 12M18 6L6 18",
  reply: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  back: "M15 5l-7 7 7 7",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  hash: "M9 4L7 20M17 4l-2 16M4 9h17M3 15h17",
  forum: "M4 5h13v9H9l-4 3v-3H4zM20 9v9h-1v3l-4-3h-4",
  thread: "M6 4v9a3 3 0 0 0 3 3h9M14 12l4 4-4 4",
  door: "M13 4H6v16h7M10 12h10M16.500 8l4 4-4 4",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.500 20a7.500 7.500 0 0 1 15 0",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  arrow: "M4 12h15M13 6l6 6-6 6",
  down: "M6 9l6 6 6-6",
  eye: "M3 12s3.500-6 9-6 9 6 9 6-3.500 6-9 6-9-6-9-6zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  plus: "M12 5v14M5 12h14",
  people: "M9 5a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7M2.500 20a6.500 6.500 0 0 1 13 0M16 5.300a3.500 3.500 0 0 1 0 6.400M18 14.500a6.500 6.500 0 0 1 3.500 5.500",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

let last = 0;
export const freshId = (prefix) => `${prefix}-${(last += 1)}`;

// A round picture with initials, in a colour of its own for each id.
export function avatar(person, size = "") {
  const words = person.name.trim().split(/\s+/);
  const letters = ((words[0] ?? "?")[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "");
  let hue = 0;
  for (const letter of person.name) hue = (hue * 7 + letter.codePointAt(0) * 137) % 360;
  const circle = el("span", { class: `avatar ${size} ${person.bot ? "avatar-bot" : ""}`, "aria-hidden": "true" });
  if (person.bot) circle.append(el("img", { src: "/page/mark.svg", alt: "" }));
  else circle.append(letters.toUpperCase());
  circle.style.setProperty("--hue", String(hue));
  return circle;
}

// Arrow keys move within a list of which only one item is in the tab order.
export function roving(container, selector) {
  const items = () => [...container.querySelectorAll(selector)];
  const settle = (wanted) => {
    const all = items();
    const chosen = all.includes(wanted) ? wanted : all.find((item) => item.tabIndex === 0) ?? all[0];
    for (const item of all) item.tabIndex = item === chosen ? 0 : -1;
  };
  container.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || !all[to]) return;
    event.preventDefault();
    settle(all[to]);
    all[to].focus();
  });
  container.addEventListener("focusin", (event) => {
    const item = event.target.closest(selector);
    if (item && item === event.target) settle(item);
  });
  settle(null);
  return settle;
}
