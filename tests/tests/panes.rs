//! Every pane, editor, dialog and menu, one after the other in one page: axe finds nothing in any of them, and each canvas has its equal in the
//! page. All findings of the walk are told at its end.

use std::time::Duration;

use dsp::processors::SPECS;
use tests::axe;
use tests::browser::{Browser, run};
use tests::fixtures::{Depth, Fixtures, noise, sine};
use tests::page::{Page, Route};
use thirtyfour::Key;

/// Importing and rendering a few seconds of audio on a busy machine.
const WORK: Duration = Duration::from_secs(120);
const MENU: Option<&str> = Some(".menu");
const DIALOG: Option<&str> = Some("dialog[open]");
const TIMELINE: Option<&str> = Some(".timeline");

/// Right clicks: the element, and the menu's name.
const RIGHT_CLICKS: [(&str, &str); 5] = [
    (".strip .name", "a strip's menu"),
    (".strip [data-insert]", "an insert's menu"),
    (".strip [role=slider][aria-label=Volume]", "a slider's menu"),
    ("[aria-label=\"Compare mixes\"]", "the menu of what is compared"),
    ("button.clip", "a clip's menu"),
];
const RIGHT_CLICK: &str = "const element = document.querySelector(arguments[0]), box = element.getBoundingClientRect();
    const place = { clientX: box.x + Math.min(9, box.width / 2), clientY: box.y + box.height / 2 };
    element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...place }));";

/// A walk, and what it has found.
struct Walk<'a> {
    page: &'a Page,
    found: Vec<String>,
}

impl Walk<'_> {
    /// Looks at a part of the page, or at all of it.
    async fn look(&mut self, part: Option<&str>, what: &str) {
        let found = axe::findings(self.page, part, what).await;
        found.iter().for_each(|line| println!("{line}"));
        self.found.extend(found);
    }

    /// Opens a menu by its button, looks at it and closes it.
    async fn look_at_menu(&mut self, button: Route<'_>, what: &str) {
        self.page.click(button).await;
        self.page.get(&[("menuitem", "*")]).await;
        self.look(MENU, what).await;
        self.close_menu().await;
    }

    async fn close_menu(&self) {
        self.page.press(Key::Escape + "").await;
        self.page.gone(&[("menu", "*")]).await;
    }

    /// Looks at the dialog of this name, which something has opened, and closes it.
    async fn look_at_dialog(&mut self, name: &str) {
        self.page.get(&[("dialog", name)]).await;
        self.look(DIALOG, name).await;
        self.page.press(Key::Escape + "").await;
        self.page.gone(&[("dialog", name)]).await;
    }

    async fn choose_of_menu(&self, button: &str, line: &str) {
        self.page.click(&[("button", button)]).await;
        self.page.click(&[("menuitem", line)]).await;
    }
}

async fn change_theme(page: &Page) {
    let other = if page.has(&[("button", "Light theme")]).await { "Light theme" } else { "Dark theme" };
    page.click(&[("button", other)]).await;
}

/// Two editors stand side by side.
async fn the_editors(walk: &mut Walk<'_>) {
    let page = walk.page;
    walk.look_at_menu(&[("group", "Kick"), ("button", "Add insert")], "the menu of processors").await;
    for pair in SPECS.chunks(2) {
        for spec in pair {
            page.add_insert("Pad", spec.name).await;
        }
        let names = pair.iter().map(|spec| spec.name).collect::<Vec<_>>().join(" and ");
        walk.look(Some(".editors"), &names).await;
        for spec in pair {
            page.click(&[("region", &format!("{} on Pad", spec.name)), ("button", "Close editor")]).await;
        }
        page.wait("the editors close", WORK, async || page.script("return !document.querySelector('.editors')", &[]).await == true).await;
    }
}

/// Clips, a lane with points, a loop and the span over it, a marker and its name.
async fn the_timeline(walk: &mut Walk<'_>) {
    let page = walk.page;
    page.click(&[("button", "Automation of Kick")]).await;
    page.click(&[("button", "Add point")]).await;
    page.get(&[("list", "Kick Volume points"), ("button", "*")]).await;
    page.keys(&[("slider", "Playhead")], Key::Right + Key::Right + "o").await;
    page.wait("the loop is on", WORK, async || page.attribute(&[("button", "Loop")], "aria-pressed").await == "true").await;
    page.press(Key::Control + "a").await;
    page.get(&[("slider", "Fade in")]).await;
    walk.look(TIMELINE, "the timeline with a lane, a loop and the clips chosen").await;
    page.press(Key::Escape + "").await;
    page.click(&[("button", "Select Kick")]).await;
    page.press("r").await;
    page.get(&[("group", "Span")]).await;
    walk.look_at_menu(&[("button", "Add to the timeline")], "the menu of what can be added").await;
    walk.choose_of_menu("Add to the timeline", "Marker at the playhead").await;
    page.keys(&[("button", "Marker Marker 1")], Key::F2 + "").await;
    page.get(&[("textbox", "Marker name")]).await;
    walk.look(TIMELINE, "the timeline with a span and a marker's name").await;
    page.press(Key::Escape + "").await;
}

/// A group, a return and its sends, the channel of a strip, folded and hidden strips, widths, and the console alone.
async fn the_console(walk: &mut Walk<'_>) {
    let page = walk.page;
    walk.choose_of_menu("Add to the timeline", "Return with a reverb").await;
    walk.choose_of_menu("Add to the timeline", "Group").await;
    page.get(&[("group", "Group 1")]).await;
    page.click(&[("button", "Select Kick")]).await;
    page.type_value(&[("group", "Kick"), ("slider", "Send to Reverb")], "-12").await;
    // In a small window the channel comes over the timeline when it is asked for.
    page.press("c").await;
    page.get(&[("region", "Channel"), ("group", "Sends")]).await;
    walk.look(Some(".channel"), "the channel of a strip with sends").await;
    page.press("c").await;
    page.add_insert("Kick", "Compressor").await;
    page.click(&[("region", "Compressor on Kick"), ("button", "Close editor")]).await;
    for (element, what) in RIGHT_CLICKS {
        page.script(RIGHT_CLICK, &[element.into()]).await;
        page.get(&[("menuitem", "*")]).await;
        walk.look(MENU, what).await;
        walk.close_menu().await;
    }
    for line in ["Narrow", "Freeze"] {
        page.script(RIGHT_CLICK, &[".strip .name".into()]).await;
        page.click(&[("menuitem", line)]).await;
    }
    page.get_within(&[("group", "Kick"), ("button", "Thaw 1 insert")], WORK).await;
    page.script(RIGHT_CLICK, &[".strip[aria-label=Pad] .name".into()]).await;
    page.click(&[("menuitem", "Hide")]).await;
    walk.look_at_menu(&[("button", "1 hidden strips")], "the menu of hidden strips").await;
    walk.look(None, "the mix with a channel, sends, a group, a frozen and a hidden strip").await;
    page.press("v").await;
    walk.look(None, "the console alone").await;
    page.press("v").await;
}

/// What stands over the rooms: dialogs, menus of the top bar, tempo.
async fn the_rest_of_the_mix(walk: &mut Walk<'_>) {
    let page = walk.page;
    for menu in ["Steps", "Tools"] {
        walk.look_at_menu(&[("button", menu)], menu).await;
    }
    page.script("document.querySelector('.clock-tempo').click()", &[]).await;
    page.get(&[("group", "Tempo and metre")]).await;
    walk.look(Some(".top"), "tempo and metre").await;
    page.script("document.querySelector('.clock-tempo').click()", &[]).await;
    page.press("?").await;
    walk.look_at_dialog("Keys").await;
    page.press(Key::Control + "k").await;
    walk.look_at_dialog("Commands").await;
    page.press(Key::Control + "e").await;
    walk.look_at_dialog("Export").await;
    page.click(&[("button", "Settings")]).await;
    walk.look_at_dialog("Settings").await;
    for tool in ["Gain staging", "What stands out", "Masking", "Blind test"] {
        walk.choose_of_menu("Tools", tool).await;
        walk.look_at_dialog(tool).await;
    }
    page.add_insert("Kick", "Equalizer").await;
    // The first theme is the system's.
    change_theme(page).await;
    walk.look(None, "the mix in the other theme").await;
}

/// The Master room with a chain, a reference and its tools, dark and light; and the album that its song makes.
async fn the_master_room(walk: &mut Walk<'_>, fixtures: &Fixtures) {
    let page = walk.page;
    let song = fixtures.wav("Song.wav", 48_000, Depth::Int16, &[noise(3, 96_000), noise(4, 96_000)]);
    let reference = fixtures.wav("Other.wav", 48_000, Depth::Int16, &[noise(5, 96_000), noise(6, 96_000)]);
    page.click(&[("tab", "Master")]).await;
    page.bring_in(&[song], &[("meter", "Integrated loudness")]).await;
    for processor in ["Equalizer", "Limiter"] {
        page.click(&[("button", "Add insert")]).await;
        page.click(&[("menuitem", processor)]).await;
        page.get(&[("region", &format!("{processor} on Master"))]).await;
    }
    page.give_files("Add reference", &[reference]).await;
    page.wait("the reference is measured", WORK, async || {
        page.script("return !!document.querySelector('table[aria-label=\"Against the reference\"]')", &[]).await == true
    })
    .await;
    walk.look(None, "the master room in the other theme").await;
    change_theme(page).await;
    page.choose(&[("combobox", "View of the sound")], "Spectrogram").await;
    walk.look(None, "the master room").await;
    for tool in ["Assistant", "Match tone", "Release check"] {
        walk.choose_of_menu("Tools", tool).await;
        walk.look_at_dialog(tool).await;
    }
    page.click(&[("tab", "Album")]).await;
    page.click(&[("button", "Add this session's masters")]).await;
    page.get_within(&[("button", "Move Song")], WORK).await;
    page.wait("the songs are rendered", WORK, async || !page.has(&[("progressbar", "*")]).await).await;
    walk.look(None, "the album").await;
}

#[test]
fn chromium_axe_finds_nothing_in_any_pane_editor_dialog_or_menu_and_no_canvas_is_mute() {
    run(Browser::Chromium, "panes", async |page: &Page| {
        let fixtures = Fixtures::new();
        let kick = fixtures.wav("Kick.wav", 48_000, Depth::Int24, &[sine(60.0, 48_000, 96_000)]);
        let pad = fixtures.wav("Pad.wav", 48_000, Depth::Int16, &[noise(1, 96_000), noise(2, 96_000)]);
        page.bring_in(&[kick, pad], &[("group", "Kick")]).await;
        let mut walk = Walk { page, found: Vec::new() };
        the_editors(&mut walk).await;
        the_timeline(&mut walk).await;
        the_console(&mut walk).await;
        the_rest_of_the_mix(&mut walk).await;
        the_master_room(&mut walk, &fixtures).await;
        assert!(walk.found.is_empty(), "{}", walk.found.join("\n"));
    });
}
