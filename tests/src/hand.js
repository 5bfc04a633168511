// Moves controls of the editors as a hand does, in several editors at the same moment. Stands after the finder, which is `find` here.
const frames = () => window.headroomDiagnostics.tappedFrames();
const rest = () => new Promise((resolve) => setTimeout(resolve));
const key = (control, name) => {
  for (const type of ['keydown', 'keyup']) control.dispatchEvent(new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true }));
};
const controls = (regions, role, name) => regions.map((region) => find(document, [['region', region], [role, name]])[0]);

// Sets a switch ("true", "false") or a combobox (its option's text) in every region; says whether they are there.
function set(regions, role, name, to) {
  const found = controls(regions, role, name);
  if (found.includes(undefined)) return false;
  for (const control of found) {
    if (role === 'switch') {
      if (control.getAttribute('aria-checked') !== to) control.click();
    } else {
      control.value = [...control.options].find((option) => option.textContent.trim() === to).value;
      control.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }
  return true;
}

// As `set`, and waits until so much more has been played; gives the frame before it, or nothing when there is no such control.
async function setAndPlay(regions, role, name, to, playFrames) {
  const before = frames();
  if (!set(regions, role, name, to)) return null;
  while (frames() < before + playFrames) await new Promise((resolve) => setTimeout(resolve, 10));
  return before;
}

// As `set` for many, one after the other; gives the names of those that are not there.
async function setMany(regions, moves) {
  const missing = [];
  for (const [role, name, to] of moves) {
    if (!set(regions, role, name, to)) missing.push(name);
    await rest();
  }
  return missing;
}

// Takes sliders to their upper end, their lower end and back to their default; gives the names of those that are not there or do not go.
async function sweep(regions, names) {
  const failed = [];
  for (const name of names) {
    const found = controls(regions, 'slider', name);
    if (found.includes(undefined)) {
      failed.push(name);
      continue;
    }
    found.forEach((control) => key(control, 'End'));
    await rest();
    if (found.some((control) => Math.abs(control.getAttribute('aria-valuenow') - control.getAttribute('aria-valuemax')) > 0.001)) failed.push(name);
    for (const press of ['Home', 'Delete']) found.forEach((control) => key(control, press));
    await rest();
  }
  return failed;
}
