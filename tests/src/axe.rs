//! axe-core over the page as it is shown.

use crate::page::Page;
use crate::places;
use serde_json::json;
use std::fs;

/// Fails with every finding of axe, as rule, explanation and the elements concerned.
pub async fn assert_clean(page: &Page, what: &str) {
    let path = places::root().join("target/tools/node_modules/axe-core/axe.min.js");
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}. cargo xtask test installs it.", path.display()));
    // axe tries inline styles, which the page's policy refuses: what Chromium reports of that is not the page's fault.
    let before = page.web_driver().browser_log().await.unwrap_or_default();
    assert!(before.iter().all(|entry| entry.level != "SEVERE"), "{before:?}");
    page.script(&format!("{source}\nwindow.axe = axe;"), &[]).await;
    let run = "const { violations } = await axe.run(document); return violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).join('; ')})`);";
    let findings = page.async_script(run, &[]).await;
    page.web_driver().browser_log().await.ok();
    assert_eq!(findings, json!([]), "axe on {what}");
}
