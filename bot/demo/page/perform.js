// Doing something in the sandbox, and what follows: a form to fill, a room to go to, a sentence where it failed.

import { act, Refused } from "./api.js";
import { problem, status } from "./announce.js";
import { say } from "./state.js";

const hooks = { showForm: () => {}, goTo: () => {}, look: () => {}, did: () => {} };

export function connectOutcomes(given) {
  Object.assign(hooks, given);
}

// Returns what came of it, or null where it could not be done (the person has been told why).
export async function perform(action, files = [], { quiet = false, onProblem = problem } = {}) {
  try {
    const outcome = await act(action, files);
    if (!quiet && !outcome.room) await hooks.look();
    hooks.did(action);
    if (outcome.modal) hooks.showForm(outcome.modal);
    if (outcome.room) hooks.goTo(outcome.room);
    return outcome;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    onProblem(error.message);
    if (!quiet) await hooks.look();
    return null;
  }
}

// Marks a control as busy while something is done, so that it is not pressed twice.
export async function whileBusy(control, work) {
  if (control.getAttribute("aria-busy") === "true") return null;
  control.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => status(say("working")), 1500);
  try {
    return await work();
  } finally {
    clearTimeout(slow);
    control.removeAttribute("aria-busy");
  }
}
