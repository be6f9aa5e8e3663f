// On narrow screens the rooms and the tour slide in over the conversation.

const narrowRooms = matchMedia("(max-width: 760px)");
const narrowTour = matchMedia("(max-width: 1120px)");
let shown = null;
let cameFrom = null;

export function openPanel(name) {
  const panel = document.getElementById(name);
  cameFrom = document.activeElement;
  shown = panel;
  panel.classList.add("is-open");
  document.getElementById("veil").hidden = false;
  document.getElementById("conversation").inert = true;
  (panel.querySelector("[aria-current], button, a") ?? panel).focus();
}

export function shutPanel(returnFocus = true) {
  if (!shown) return;
  shown.classList.remove("is-open");
  shown = null;
  document.getElementById("veil").hidden = true;
  document.getElementById("conversation").inert = false;
  settle();
  if (returnFocus && cameFrom?.isConnected) cameFrom.focus();
}

// A panel that is out of sight is out of reach of the keyboard as well.
function settle() {
  document.getElementById("rooms").inert = narrowRooms.matches && shown?.id !== "rooms";
  document.getElementById("tour").inert = narrowTour.matches && shown?.id !== "tour";
}

export function startPanels() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      openPanel(opener.dataset.open);
      settle();
    } else if (event.target.id === "veil" || event.target.closest("[data-shut]") || event.target.closest("#rooms a")) {
      shutPanel(!event.target.closest("#rooms a"));
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown && !document.querySelector("dialog[open], .menu")) shutPanel();
  });
  for (const media of [narrowRooms, narrowTour]) media.addEventListener("change", () => { shutPanel(false); settle(); });
  settle();
}
