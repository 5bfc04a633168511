//! Pictures of the page for looking at: `cargo xtask shots`, into `target/screens/`.

use tests::browser::{Browser, Session};
use tests::page::Page;
use xtask::server::Sends;

/// The sizes that the design is drawn for.
const SIZES: [(u32, u32); 3] = [(1440, 900), (1280, 720), (2560, 1440)];

#[tokio::main]
async fn main() {
    let session = Session::open(Browser::Chromium, Sends::Headers).await;
    let page = Page::new(session.web_driver(), session.url(), session.downloads());
    page.open().await;
    show(&page, "start").await;
    if page.has(&[("button", "Open demo song")]).await {
        page.click(&[("button", "Open demo song")]).await;
        page.get(&[("group", "Master")]).await;
        show(&page, "mix").await;
        page.click(&[("tab", "Master")]).await;
        show(&page, "master").await;
    }
    for complaint in session.complaints().await {
        println!("console: {complaint}");
    }
    session.close().await;
}

async fn show(page: &Page, name: &str) {
    for (width, height) in SIZES {
        page.web_driver().set_window_rect(0, 0, width, height).await.unwrap_or_else(|error| panic!("{error}"));
        println!("{}", page.screenshot(&format!("{name}-{width}x{height}")).await.display());
    }
}
