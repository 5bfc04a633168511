//! axe-core over the page as it is shown, and what it cannot know: that each canvas says in words or controls what it draws.

use crate::page::Page;
use crate::places;
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;

/// Stands in the console behind everything that axe caused.
const MARK: &str = "axe is done";
/// The console's lines come some time after what they are about.
const LOOKS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// Rule, explanation and the elements concerned. Without axe's own copies of the style sheets: on a busy machine they come after it has ended,
/// and the page's policy refuses each. They are for one rule, against pages that turn themselves by the device's orientation; no sheet here asks
/// for that.
///
/// A colour on its way to another may have too little contrast for a moment: axe looks when all have arrived.
const RUN: &str = "const part = arguments[0] ? document.querySelector(arguments[0]) : document;
    if (!part) return [`there is no ${arguments[0]}`];
    const changing = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.all(changing.map((transition) => transition.finished.catch(() => {})));
    const { violations } = await axe.run(part, { preload: false });
    return violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).join('; ')})`);";

/// Canvases that say nothing: each either is an image with a name, or is hidden from readers and stands in a part of the page that holds the same
/// as a slider, a meter, a list, a table or words.
const MUTE_CANVASES: &str = "const equal = '[role=slider], [role=meter], [role=img][aria-label], li, table, input[type=range]';
    const has_equal = (canvas) => {
        const own = canvas.closest('[role=slider], [role=meter]');
        if (own) return !!(own.getAttribute('aria-label') && own.getAttribute('aria-valuetext'));
        const part = canvas.closest('section, li, tr, aside, [role=group], [role=region], .translation-cell');
        const tells = part?.matches('li, tr, .translation-cell') && part.textContent.trim() !== '';
        return !!part?.querySelector(equal) || !!tells || !!part?.matches('.start-half');
    };
    const is_mute = (canvas) => canvas.closest('[aria-hidden=true]') ? !has_equal(canvas)
        : canvas.getAttribute('role') !== 'img' || !canvas.getAttribute('aria-label')?.trim();
    const shown = [...document.querySelectorAll('canvas')].filter((canvas) => canvas.checkVisibility({ visibilityProperty: true }));
    return shown.filter(is_mute).map((canvas) => `a canvas says nothing: ${canvas.outerHTML} in ${canvas.parentElement.outerHTML.slice(0, 120)}`);";

/// Fails with everything that is found on the whole page.
pub async fn assert_clean(page: &Page, what: &str) {
    assert_eq!(findings(page, None, what).await, Vec::<String>::new());
}

/// What axe finds in a part of the page (a selector), or in all of it, and the canvases that say nothing; each with where that was.
pub async fn findings(page: &Page, part: Option<&str>, what: &str) -> Vec<String> {
    // axe tries inline styles, which the page's policy refuses: what Chromium reports of that is not the page's fault.
    let before = page.web_driver().browser_log().await.unwrap_or_default();
    assert!(before.iter().all(|entry| entry.level != "SEVERE"), "{before:?}");
    if page.script("return typeof window.axe", &[]).await != "object" {
        bring_axe(page).await;
    }
    let found = page.async_script(RUN, &[json!(part)]).await;
    forget_complaints(page).await;
    let mute = page.script(MUTE_CANVASES, &[]).await;
    let lines = |value: &Value| match value.as_array() {
        Some(lines) => lines.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        None => vec![value.to_string()],
    };
    [lines(&found), lines(&mute)].concat().into_iter().map(|line| format!("{what}: {line}")).collect()
}

async fn bring_axe(page: &Page) {
    let path = places::root().join("target/tools/node_modules/axe-core/axe.min.js");
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}. cargo xtask test installs it.", path.display()));
    page.script(&format!("{source}\nwindow.axe = axe;"), &[]).await;
}

/// Takes what the console says out of Chromium's log, up to now; Firefox keeps none.
async fn forget_complaints(page: &Page) {
    page.script("console.info(arguments[0])", &[MARK.into()]).await;
    for _ in 0..LOOKS {
        match page.web_driver().browser_log().await {
            Ok(entries) if !entries.iter().any(|entry| entry.message.contains(MARK)) => tokio::time::sleep(PAUSE).await,
            _ => return,
        }
    }
}
