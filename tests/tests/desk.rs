//! The mixing desk under a person's hands: chains put in order, strips set together, two states of a mix, clips by the handful,
//! automation written while playing, and everything found by its name.

use std::path::PathBuf;
use std::time::Duration;

use tests::browser::{Browser, run};
use tests::fixtures::{Depth, Fixtures, sine};
use tests::in_both_browsers;
use tests::page::{Page, Route};
use thirtyfour::Key;

/// Importing a few seconds of audio on a busy machine.
const WORK: Duration = Duration::from_secs(120);
const KICK: Route = &[("group", "Kick"), ("slider", "Volume")];
const BASS: Route = &[("group", "Bass"), ("slider", "Volume")];
const LEAD: Route = &[("group", "Lead"), ("slider", "Volume")];

/// Chooses a track beside the selected one.
const BESIDE: &str = "const name = [...document.querySelectorAll('.track-name')].find((name) => name.textContent === arguments[0]);
    name.dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }));";

fn stems(fixtures: &Fixtures) -> Vec<PathBuf> {
    let stem = |name: &str, hz| fixtures.wav(name, 48_000, Depth::Int16, &[sine(hz, 48_000, 144_000)]);
    vec![stem("Kick.wav", 60.0), stem("Bass.wav", 90.0), stem("Lead.wav", 900.0)]
}

async fn bring_in(page: &Page, fixtures: &Fixtures) {
    page.add_audio(&stems(fixtures)).await;
    page.get_within(&[("group", "Lead")], WORK).await;
    page.wait("the files are read", WORK, async || !page.has(&[("progressbar", "*")]).await).await;
}

async fn add_insert(page: &Page, strip: &str, processor: &str) {
    page.click(&[("group", strip), ("button", "Add insert")]).await;
    page.click(&[("menuitem", processor)]).await;
    page.get(&[("region", &format!("{processor} on {strip}"))]).await;
}

/// The names of a strip's inserts in order.
async fn chain(page: &Page, strip: &str) -> Vec<String> {
    let names = "const strip = [...document.querySelectorAll('.strip')].find((strip) => strip.getAttribute('aria-label') === arguments[0]);
        return [...strip.querySelectorAll('[data-insert]')].map((slot) => slot.getAttribute('aria-label'));";
    let names = page.script(names, &[strip.into()]).await;
    names.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Drags one strip's insert onto another strip's chain.
async fn drag_insert(page: &Page, from: &str, insert: &str, to: &str, with_alt: bool) {
    let drag = "const [from, insert, to, altKey] = arguments;
        const strip = (name) => [...document.querySelectorAll('.strip')].find((strip) => strip.getAttribute('aria-label') === name);
        const slot = [...strip(from).querySelectorAll('[data-insert]')].find((slot) => slot.getAttribute('aria-label') === insert);
        const at = (element) => { const box = element.getBoundingClientRect(); return { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }; };
        const end = at(strip(to).querySelector('[data-chain]'));
        const send = (type, place, buttons) =>
            slot.dispatchEvent(new PointerEvent(type, { ...place, altKey, buttons, button: 0, bubbles: true, cancelable: true }));
        send('pointerdown', at(slot), 1); send('pointermove', end, 1); send('pointerup', end, 0);
        slot.dispatchEvent(new MouseEvent('click', { bubbles: true }));";
    page.script(drag, &[from.into(), insert.into(), to.into(), with_alt.into()]).await;
}

in_both_browsers!(chains_are_put_in_order_by_hand_and_by_keys_and_taken_back_by_name, async |page: &Page| {
    let fixtures = Fixtures::new();
    bring_in(page, &fixtures).await;
    add_insert(page, "Kick", "Equalizer").await;
    add_insert(page, "Kick", "Compressor").await;
    page.keys(&[("group", "Kick"), ("button", "Equalizer")], Key::Alt + Key::Down).await;
    page.wait("the equalizer goes down", WORK, async || chain(page, "Kick").await == ["Compressor", "Equalizer"]).await;
    drag_insert(page, "Kick", "Equalizer", "Bass", false).await;
    page.wait("the equalizer goes to the bass", WORK, async || chain(page, "Bass").await == ["Equalizer"]).await;
    assert_eq!(chain(page, "Kick").await, ["Compressor"]);
    drag_insert(page, "Bass", "Equalizer", "Lead", true).await;
    page.wait("a copy stands on the lead", WORK, async || chain(page, "Lead").await == ["Equalizer"]).await;
    assert_eq!(chain(page, "Bass").await, ["Equalizer"]);
    page.click(&[("button", "Steps")]).await;
    page.click(&[("menuitem", "Kick add Compressor")]).await;
    page.wait("all that came after is taken back", WORK, async || chain(page, "Kick").await == ["Equalizer", "Compressor"]).await;
    assert!(chain(page, "Lead").await.is_empty() && chain(page, "Bass").await.is_empty());
});

in_both_browsers!(strips_are_set_together_and_a_mix_has_two_states, async |page: &Page| {
    let fixtures = Fixtures::new();
    bring_in(page, &fixtures).await;
    page.type_value(KICK, "-6").await;
    page.type_value(BASS, "-10").await;
    page.click(&[("button", "Select Kick")]).await;
    page.script(BESIDE, &["Bass".into()]).await;
    page.type_value(KICK, "-8").await;
    page.wait("both go down by two", WORK, async || page.value(BASS).await == -12.0).await;
    assert_eq!(page.value(LEAD).await, 0.0, "what was not chosen stays");
    page.click(&[("button", "Mix B")]).await;
    page.type_value(LEAD, "-20").await;
    page.click(&[("button", "Mix A")]).await;
    page.wait("A is as it was", WORK, async || page.value(LEAD).await == 0.0).await;
    page.click(&[("button", "Mix B")]).await;
    page.wait("and so is B", WORK, async || page.value(LEAD).await == -20.0).await;
});

/// How many clips there are, and how many of them are chosen.
async fn clips(page: &Page) -> (usize, usize) {
    let all = page.script("return document.querySelectorAll('button.clip').length", &[]).await.as_u64();
    let chosen = page.script("return document.querySelectorAll('button.clip[aria-pressed=true]').length", &[]).await.as_u64();
    (all.unwrap_or(0) as usize, chosen.unwrap_or(0) as usize)
}

in_both_browsers!(several_clips_are_edited_in_one_step_and_commands_are_found_by_name, async |page: &Page| {
    let fixtures = Fixtures::new();
    bring_in(page, &fixtures).await;
    page.press(Key::Control + "a").await;
    page.wait("all clips are chosen", WORK, async || clips(page).await == (3, 3)).await;
    page.press(Key::Control + "d").await;
    page.wait("their copies are chosen", WORK, async || clips(page).await == (6, 3)).await;
    page.press(Key::Delete + "").await;
    page.wait("the copies go together", WORK, async || clips(page).await == (3, 0)).await;
    page.click(&[("button", "Undo")]).await;
    page.wait("one step brings them back", WORK, async || clips(page).await.0 == 6).await;
    page.click(&[("button", "Select Kick")]).await;
    page.press(Key::Control + "k").await;
    page.keys(&[("dialog", "Commands"), ("combobox", "Find a command")], "gate kick").await;
    page.press(Key::Enter + "").await;
    page.get(&[("region", "Gate on Kick")]).await;
});

in_both_browsers!(a_fader_that_is_touched_while_playing_leaves_points, async |page: &Page| {
    let fixtures = Fixtures::new();
    bring_in(page, &fixtures).await;
    page.click(&[("button", "Automation of Kick")]).await;
    page.choose(&[("combobox", "Automation mode")], "Touch").await;
    page.click(&[("button", "Loop")]).await;
    page.click(&[("button", "Play")]).await;
    page.wait("it plays", WORK, async || page.value(&[("group", "Kick"), ("meter", "Level")]).await > -60.0).await;
    page.type_value(KICK, "-12").await;
    let points = "return document.querySelectorAll('.lane-point').length";
    page.wait("the touch is written", WORK, async || page.script(points, &[]).await.as_u64() > Some(0)).await;
    assert_eq!(page.attribute(&[("switch", "Read automation")], "aria-checked").await, "true");
    page.click(&[("button", "Stop")]).await;
    page.click(&[("button", "Undo")]).await;
    page.wait("one step takes it back", WORK, async || page.script(points, &[]).await.as_u64() == Some(0)).await;
    assert_eq!(page.value(KICK).await, 0.0);
});

in_both_browsers!(a_stretch_of_a_lane_is_trimmed_copied_and_pasted, async |page: &Page| {
    let fixtures = Fixtures::new();
    bring_in(page, &fixtures).await;
    page.click(&[("button", "Automation of Kick")]).await;
    let drag = "const lanes = document.querySelector('.tl-lanes'), box = lanes.getBoundingClientRect();
        const y = box.y + parseFloat(getComputedStyle(document.querySelector('.track-head')).height) + 30;
        const [from, to, up, ctrlKey] = arguments;
        const send = (type, part, dy, buttons) => lanes.dispatchEvent(new PointerEvent(type, { clientX: box.x + part * box.width, clientY: y - dy, ctrlKey, buttons, button: 0, bubbles: true, cancelable: true, pointerId: 1 }));
        lanes.setPointerCapture = () => {};
        send('pointerdown', from, 0, 1); send('pointermove', to, up, 1); send('pointerup', to, up, 0);";
    page.script(drag, &[0.2.into(), 0.4.into(), 0.into(), true.into()]).await;
    page.script(drag, &[0.3.into(), 0.3.into(), (-20).into(), false.into()]).await;
    let points = async || {
        let names =
            page.script("return [...document.querySelectorAll('.lane-point')].map((point) => point.getAttribute('aria-label'))", &[]).await;
        names.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    page.wait("the stretch goes down between its ends", WORK, async || points().await.len() == 4).await;
    let trimmed = points().await;
    assert!(trimmed[0].starts_with("0.0") && trimmed[3].starts_with("0.0"), "{trimmed:?}");
    assert!(trimmed[1].starts_with('−') && trimmed[1].split(' ').next() == trimmed[2].split(' ').next(), "{trimmed:?}");
    page.press(Key::Control + "c").await;
    page.press(Key::Control + "x").await;
    page.wait("cut", WORK, async || points().await.is_empty()).await;
    page.press(Key::Control + "v").await;
    page.wait("and laid down at the playhead", WORK, async || points().await.len() >= 2).await;
});

/// Opens the menu of a strip's name and chooses a line.
async fn choose_of_strip(page: &Page, strip: &str, line: &str) {
    let open = "const strip = [...document.querySelectorAll('.strip')].find((strip) => strip.getAttribute('aria-label') === arguments[0]);
        const name = strip.querySelector('.name'), box = name.getBoundingClientRect();
        name.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: box.x + 9, clientY: box.y + 9 }));";
    page.script(open, &[strip.into()]).await;
    page.click(&[("menuitem", line)]).await;
}

#[test]
fn a_track_is_frozen_plays_on_under_its_fader_and_is_thawed() {
    run(Browser::Chromium, "a_track_is_frozen_plays_on_under_its_fader_and_is_thawed", async |page: &Page| {
        let fixtures = Fixtures::new();
        bring_in(page, &fixtures).await;
        add_insert(page, "Kick", "Compressor").await;
        let level = async || page.value(&[("group", "Kick"), ("meter", "Level")]).await;
        choose_of_strip(page, "Kick", "Freeze").await;
        page.get_within(&[("group", "Kick"), ("button", "Thaw 1 insert")], WORK).await;
        assert!(chain(page, "Kick").await.is_empty(), "its inserts cost nothing");
        page.click(&[("button", "Loop")]).await;
        page.click(&[("button", "Play")]).await;
        page.wait("the render plays", WORK, async || level().await > -40.0).await;
        page.click(&[("group", "Kick"), ("button", "Mute")]).await;
        page.wait("its switches are live", WORK, async || level().await < -60.0).await;
        page.click(&[("button", "Stop")]).await;
        page.click(&[("group", "Kick"), ("button", "Thaw 1 insert")]).await;
        page.wait("the chain is back", WORK, async || chain(page, "Kick").await == ["Compressor"]).await;
        page.click(&[("button", "Undo")]).await;
        page.get(&[("group", "Kick"), ("button", "Thaw 1 insert")]).await;
    });
}

#[test]
fn a_group_takes_strips_in_folds_and_what_is_hidden_comes_back() {
    run(Browser::Chromium, "a_group_takes_strips_in_folds_and_what_is_hidden_comes_back", async |page: &Page| {
        let fixtures = Fixtures::new();
        bring_in(page, &fixtures).await;
        page.click(&[("button", "Select Kick")]).await;
        page.script(BESIDE, &["Bass".into()]).await;
        choose_of_strip(page, "Kick", "Group the chosen strips").await;
        page.get(&[("group", "Group 1")]).await;
        let output =
            "const strip = [...document.querySelectorAll('.strip')].find((strip) => strip.getAttribute('aria-label') === arguments[0]);
            return strip.querySelector('select[aria-label=Output]').selectedOptions[0].textContent;";
        let goes_to = async |strip: &str| page.script(output, &[strip.into()]).await;
        page.wait("both go into it", WORK, async || goes_to("Kick").await == "Group 1" && goes_to("Bass").await == "Group 1").await;
        page.press("f").await;
        page.gone(&[("group", "Kick")]).await;
        assert!(page.has(&[("group", "Lead")]).await, "what goes elsewhere stays");
        page.press("f").await;
        page.get(&[("group", "Kick")]).await;
        choose_of_strip(page, "Lead", "Hide").await;
        page.gone(&[("group", "Lead")]).await;
        page.click(&[("button", "1 hidden strips")]).await;
        page.click(&[("menuitem", "Show Lead")]).await;
        page.get(&[("group", "Lead")]).await;
        page.click(&[("button", "Select Kick")]).await;
        page.script(BESIDE, &["Lead".into()]).await;
        choose_of_strip(page, "Kick", "Link the chosen faders").await;
        page.click(&[("button", "Select Bass")]).await;
        page.type_value(LEAD, "-4").await;
        page.wait("linked faders move by the same", WORK, async || page.value(KICK).await == -4.0).await;
        assert_eq!(page.value(BASS).await, 0.0);
    });
}

#[test]
fn a_span_of_two_tracks_is_deleted_and_split() {
    run(Browser::Chromium, "a_span_of_two_tracks_is_deleted_and_split", async |page: &Page| {
        let fixtures = Fixtures::new();
        bring_in(page, &fixtures).await;
        let drag = "const lanes = document.querySelector('.tl-lanes'), box = lanes.getBoundingClientRect();
            const row = document.querySelector('.track-head').getBoundingClientRect().height;
            const at = (x, y) => ({ clientX: box.x + x * box.width, clientY: box.y + y * row });
            const send = (type, place, buttons) => lanes.dispatchEvent(new PointerEvent(type, { ...place, shiftKey: true, altKey: true, buttons, button: 0, bubbles: true, cancelable: true, pointerId: 1 }));
            lanes.setPointerCapture = () => {};
            send('pointerdown', at(0.2, 0.5), 1); send('pointermove', at(0.4, 1.5), 1); send('pointerup', at(0.4, 1.5), 0);";
        page.script(drag, &[]).await;
        assert!(page.text(&[("group", "Span")]).await.starts_with("Span on 2 tracks"));
        page.press(Key::Delete + "").await;
        page.wait("two clips have a gap each", WORK, async || clips(page).await == (5, 0)).await;
        page.click(&[("button", "Undo")]).await;
        page.wait("one step closes it", WORK, async || clips(page).await.0 == 3).await;
        page.click(&[("button", "Split at the span’s ends")]).await;
        page.wait("the parts inside are chosen", WORK, async || clips(page).await == (7, 2)).await;
    });
}

/// A controller with one knob, in the place of the browser's own.
const CONTROLLER: &str = "const input = {}, inputs = new Map([['one', input]]);
    navigator.requestMIDIAccess = async () => ({ inputs });
    window.knob = input;";

#[test]
fn a_learned_knob_takes_a_fader_over_where_they_meet() {
    run(Browser::Chromium, "a_learned_knob_takes_a_fader_over_where_they_meet", async |page: &Page| {
        let fixtures = Fixtures::new();
        bring_in(page, &fixtures).await;
        page.script(CONTROLLER, &[]).await;
        let open = "const strip = [...document.querySelectorAll('.strip')].find((strip) => strip.getAttribute('aria-label') === 'Kick');
            strip.querySelector('[role=slider][aria-label=Volume]').dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 99, clientY: 99 }));";
        page.script(open, &[]).await;
        page.click(&[("menuitem", "Learn MIDI")]).await;
        let hears = "return typeof window.knob.onmidimessage === 'function'";
        page.wait("the page listens", WORK, async || page.script(hears, &[]).await == true).await;
        let turn = async |to: u8| {
            page.script("window.knob.onmidimessage({ data: new Uint8Array([0xB0, 7, arguments[0]]) })", &[to.into()]).await;
        };
        turn(30).await;
        turn(10).await;
        assert_eq!(page.value(KICK).await, 0.0, "the knob is far from the fader");
        turn(127).await;
        let most: f64 = page.attribute(KICK, "aria-valuemax").await.parse().expect("a number");
        page.wait("the fader follows", WORK, async || page.value(KICK).await == most).await;
        page.click(&[("button", "Undo")]).await;
        page.wait("one step takes the turn back", WORK, async || page.value(KICK).await == 0.0).await;
    });
}

#[test]
fn chosen_keys_and_sizes_of_panes_are_there_again_after_a_reload() {
    run(Browser::Chromium, "chosen_keys_and_sizes_of_panes_are_there_again_after_a_reload", async |page: &Page| {
        let fixtures = Fixtures::new();
        bring_in(page, &fixtures).await;
        let height = async || page.value(&[("separator", "Height of the console")]).await;
        page.keys(&[("separator", "Height of the console")], Key::Up + Key::Up).await;
        let chosen = height().await;
        page.press("?").await;
        page.click(&[("dialog", "Keys"), ("button", "Mute the selected strip, M")]).await;
        page.press("q").await;
        page.get(&[("dialog", "Keys"), ("button", "Mute the selected strip, Q")]).await;
        page.press(Key::Escape + "").await;
        page.reload().await;
        page.get_within(&[("group", "Kick")], WORK).await;
        page.click(&[("button", "Select Kick")]).await;
        page.press("q").await;
        page.wait("Q mutes", WORK, async || page.attribute(&[("group", "Kick"), ("button", "Mute")], "aria-pressed").await == "true").await;
        page.keys(&[("separator", "Height of the console")], Key::Up + Key::Down).await;
        assert_eq!(height().await, chosen);
    });
}
