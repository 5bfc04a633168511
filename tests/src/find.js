// Finds an element as a screen reader would name it: by a path of [role, accessible name] pairs, each looked for
// inside the one before. Returns null when there is none. The role "file" stands for input[type=file].
const NATIVE = {
  button: 'button, summary, input[type=button]', checkbox: 'input[type=checkbox]', combobox: 'select', dialog: 'dialog[open]',
  file: 'input[type=file]', group: 'fieldset', heading: 'h1, h2, h3, h4', link: 'a[href]', list: 'ul, ol', listitem: 'li', meter: 'meter',
  option: 'option', progressbar: 'progress', radio: 'input[type=radio]', region: 'section', slider: 'input[type=range]', status: 'output',
  switch: 'input[type=checkbox][switch]', textbox: 'input:not([type]), input[type=text], input[type=search], textarea',
};
const NAMED_BY_CONTENT = new Set(['button', 'heading', 'link', 'listitem', 'option', 'tab', 'menuitem', 'switch', 'checkbox', 'radio', 'row', 'alert', 'status']);
const clean = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

function nameOf(element, role) {
  const ids = element.getAttribute('aria-labelledby');
  if (ids) return clean(ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(' '));
  if (element.hasAttribute('aria-label')) return clean(element.getAttribute('aria-label'));
  if (element.labels?.length) return clean([...element.labels].map((label) => label.textContent).join(' '));
  if (role === 'group' && element.querySelector(':scope > legend')) return clean(element.querySelector(':scope > legend').textContent);
  if (NAMED_BY_CONTENT.has(role) && clean(element.textContent)) return clean(element.textContent);
  return clean(element.getAttribute('title') ?? element.getAttribute('placeholder'));
}

function candidates(scope, role) {
  const selector = NATIVE[role] ? `[role~="${role}"], :is(${NATIVE[role]}):not([role])` : `[role~="${role}"]`;
  return [...scope.querySelectorAll(selector)].filter((element) => role === 'file' || element.checkVisibility({ visibilityProperty: true }));
}

function find(scope, path) {
  if (!path.length) return [scope];
  const [[role, name], ...rest] = path;
  return candidates(scope, role).filter((element) => name === '*' || nameOf(element, role) === name).flatMap((element) => find(element, rest));
}

return find(document, arguments[0]);
