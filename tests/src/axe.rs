//! axe-core over the page as it is shown.

use crate::page::Page;
use crate::places;
use serde_json::json;
use std::fs;
use std::time::Duration;

/// Stands in the console behind everything that axe caused.
const MARK: &str = "axe is done";
/// The console's lines come some time after what they are about.
const LOOKS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// Fails with every finding of axe, as rule, explanation and the elements concerned.
pub async fn assert_clean(page: &Page, what: &str) {
    let path = places::root().join("target/tools/node_modules/axe-core/axe.min.js");
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}. cargo xtask test installs it.", path.display()));
    // axe tries inline styles, which the page's policy refuses: what Chromium reports of that is not the page's fault.
    let before = page.web_driver().browser_log().await.unwrap_or_default();
    assert!(before.iter().all(|entry| entry.level != "SEVERE"), "{before:?}");
    page.script(&format!("{source}\nwindow.axe = axe;"), &[]).await;
    // Without its own copies of the style sheets: on a busy machine they come after it has ended, and the page's policy refuses each. They are
    // for one rule, against pages that turn themselves by the device's orientation; no sheet here asks for that.
    let run = "const { violations } = await axe.run(document, { preload: false }); return violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).join('; ')})`);";
    let findings = page.async_script(run, &[]).await;
    forget_complaints(page).await;
    assert_eq!(findings, json!([]), "axe on {what}");
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
