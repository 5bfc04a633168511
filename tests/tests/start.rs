//! The page loads as it must: isolated, quiet, on its own, and open to everyone.

use tests::browser::{Browser, run_on};
use tests::page::Page;
use tests::{axe, in_both_browsers};
use xtask::server::Sends;

async fn is_isolated(page: &Page) {
    assert_eq!(page.script("return crossOriginIsolated && typeof SharedArrayBuffer === 'function'", &[]).await, true);
}

in_both_browsers!(the_page_is_isolated_and_its_console_stays_quiet, async |page| is_isolated(page).await);

in_both_browsers!(no_request_leaves_the_pages_own_origin, async |page| {
    let requests = page.script("return performance.getEntriesByType('resource').map((entry) => new URL(entry.name).origin)", &[]).await;
    let origin = page.script("return location.origin", &[]).await;
    let requests = requests.as_array().cloned().unwrap_or_default();
    assert!(requests.len() >= 3, "the page loads its script, module and styles: {requests:?}");
    assert!(requests.iter().all(|request| *request == origin), "{requests:?}");
    let policy = page.async_script("return (await fetch('./')).headers.get('content-security-policy') ?? ''", &[]).await;
    let policy = policy.as_str().unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'") && policy.contains("connect-src 'self'"), "nor can one: {policy}");
});

in_both_browsers!(axe_finds_nothing_on_the_start_page, async |page| axe::assert_clean(page, "the start page").await);

#[test]
fn chromium_isolates_itself_on_a_host_that_sends_no_headers() {
    run_on(Browser::Chromium, "no-headers-chromium", Sends::NoHeaders, is_isolated);
}

#[test]
fn firefox_isolates_itself_on_a_host_that_sends_no_headers() {
    run_on(Browser::Firefox, "no-headers-firefox", Sends::NoHeaders, is_isolated);
}
