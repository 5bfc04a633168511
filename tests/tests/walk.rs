//! A walk through every processor, from the studio: each is put on a strip, each of its parameters is moved through its editor while a
//! sine and music play, and what leaves the engine is finite, follows the editor, and crosses over without a click: around every switch it
//! lies between what both settled states give.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use dsp::params::{Flags, ParamSpec, ProcessorSpec, Unit};
use dsp::processors::SPECS;
use serde_json::{Value, json};
use session::model::Values;
use tests::browser::{Browser, run};
use tests::example::{keep, write_archive};
use tests::page::Page;
use tests::temporary::TemporaryFolder;
use tests::walk::{MUSIC, RATE_HZ, SINE, WalkSong};

/// Has a button for each of its choices in place of a list; the equalizer's own tests hear it switched.
const BUTTONS: &str = "band_listen";
/// Playing, on a machine that may not keep up.
const LIVE: Duration = Duration::from_secs(240);
/// Room of the recording.
const MOST_FRAMES: usize = 1 << 23;
/// How long what was switched is played before the next switch: longer than what is switched takes to come, a dynamic band's second included.
const SETTLE_FRAMES: usize = RATE_HZ as usize * 13 / 10;
/// So much of a play is compared bit by bit.
const BEGINNING_FRAMES: usize = RATE_HZ as usize / 4;
/// Moves that one call makes: a browser gives a script half a minute.
const AT_ONCE: usize = 12;
/// −60 dBFS.
const BOUND: f32 = 1e-3;

/// A switch that was moved: the values on both sides of it, and the frame before it.
struct Switched {
    param: &'static ParamSpec,
    from: Values,
    to: Values,
    frame: usize,
}

/// One processor on both strips, open in the page; the values are the sine's.
struct Walk<'a> {
    page: &'a Page,
    spec: &'static ProcessorSpec,
    values: Values,
    switched: Vec<Switched>,
}

fn is_switch(param: &ParamSpec) -> bool {
    matches!(param.unit, Unit::Choice(_) | Unit::Toggle)
}

/// Bands after the first have the switches of the first.
fn is_alike(spec: &ProcessorSpec, param: &ParamSpec) -> bool {
    let first = spec.params.iter().map(|param| param.group).find(|group| !group.is_empty()).unwrap_or("");
    !param.group.is_empty() && param.group != first
}

/// Whether the moment of switching is measured: another latency is another time, so both states' outputs are no longer of the same sound.
fn is_measured(spec: &ProcessorSpec, param: &ParamSpec) -> bool {
    is_switch(param) && !is_alike(spec, param) && !param.flags.has(Flags::AFFECTS_LATENCY)
}

/// Role, name, and what it is set to.
fn switch_move(param: &ParamSpec, value: f32) -> [String; 3] {
    match param.unit {
        Unit::Choice(words) => ["combobox", param.name, words[value as usize]].map(str::to_owned),
        _ => ["switch".into(), param.name.into(), (value >= 0.5).to_string()],
    }
}

fn names(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Walk<'_> {
    fn regions(&self) -> [String; 2] {
        [SINE, MUSIC].map(|strip| format!("{} on {strip}", self.spec.name))
    }

    /// Calls a function of `hand.js` with the editors and more.
    async fn hand(&self, call: &str, arguments: &[Value]) -> Value {
        let finder = include_str!("../src/find.js");
        let body = format!(
            "const find = (scope, path) => (function () {{ {finder} }})(path);\n{}\nconst [regions, a, b, c, d] = arguments[0];\nreturn await {call};",
            include_str!("../src/hand.js")
        );
        let all: Vec<Value> = std::iter::once(json!(self.regions())).chain(arguments.iter().cloned()).collect();
        let found = self.page.async_script(&body, &[json!(all)]).await;
        assert!(!found.as_str().is_some_and(|text| text.starts_with("failed:")), "{call}: {found}");
        found
    }

    fn value(&self, param: &ParamSpec) -> f32 {
        self.values.get(param.id).copied().unwrap_or(param.default)
    }

    /// Adds it to both strips with its second preset.
    async fn begin(&mut self) {
        for strip in [SINE, MUSIC] {
            self.page.click(&[("group", strip), ("button", "Add insert")]).await;
            self.page.click(&[("menuitem", self.spec.name)]).await;
        }
        let preset = &self.spec.presets[1];
        for region in self.regions() {
            self.page.choose(&[("region", &region), ("combobox", "Preset")], preset.name).await;
        }
        self.values = preset.values.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect();
    }

    /// Plays from the start until so much is recorded.
    async fn play(&self, frames: usize) {
        self.page.start_tap(MOST_FRAMES).await;
        self.page.click(&[("button", "Play")]).await;
        let is_played = async || self.page.diagnostic("tappedFrames").await >= frames as f64;
        self.page.wait("the song plays", LIVE, is_played).await;
    }

    /// Where a switch goes from where it is, and home again.
    fn way(&self, param: &ParamSpec) -> [f32; 2] {
        let home = self.value(param);
        if home == param.min { [param.max, home] } else { [param.min, home] }
    }

    /// Moves the switches that are measured there and back, each way on both strips, and gives those that the editor does not show.
    async fn switch_measured(&mut self) -> Vec<&'static ParamSpec> {
        let mut hidden = Vec::new();
        for param in self.spec.params.iter().filter(|param| is_measured(self.spec, param)) {
            for value in self.way(param) {
                let from = self.values.clone();
                if let Some(frame) = self.set_and_play(param, value).await {
                    self.switched.push(Switched { param, from, to: self.values.clone(), frame });
                } else if !hidden.contains(&param) {
                    hidden.push(param);
                }
            }
        }
        hidden
    }

    async fn set_and_play(&mut self, param: &ParamSpec, value: f32) -> Option<usize> {
        let [role, name, to] = switch_move(param, value).map(Value::from);
        let frame = self.hand("setAndPlay(regions, a, b, c, d)", &[role, name, to, json!(SETTLE_FRAMES)]).await.as_f64()?;
        self.values.insert(param.id.into(), value);
        Some(frame as usize)
    }

    /// Moves switches, in this order, and gives those that the editor does not show.
    async fn set_many(&mut self, moves: &[(&'static ParamSpec, f32)]) -> Vec<&'static ParamSpec> {
        let told: Vec<[String; 3]> = moves.iter().map(|(param, value)| switch_move(param, *value)).collect();
        let missing = names(&self.hand("setMany(regions.slice(0, 1), a)", &[json!(told)]).await);
        let (hidden, moved): (Vec<_>, Vec<_>) = moves.iter().partition(|(param, _)| missing.iter().any(|name| name == param.name));
        self.values.extend(moved.into_iter().map(|(param, value)| (param.id.to_owned(), value)));
        hidden.into_iter().map(|(param, _)| param).collect()
    }

    /// Takes sliders to both ends and home, and gives those that the editor does not show.
    async fn sweep(&mut self, sliders: &[&'static ParamSpec]) -> Vec<&'static ParamSpec> {
        let mut hidden = Vec::new();
        for some in sliders.chunks(AT_ONCE) {
            let all: Vec<&str> = some.iter().map(|param| param.name).collect();
            let failed = names(&self.hand("sweep(regions.slice(0, 1), a)", &[json!(all)]).await);
            let (missing, moved): (Vec<_>, Vec<_>) = some.iter().partition(|param| failed.iter().any(|name| name == param.name));
            self.values.extend(moved.into_iter().map(|param: &ParamSpec| (param.id.to_owned(), param.default)));
            hidden.extend(missing);
        }
        hidden
    }

    /// Splits into as many bands as there can be: those that are not in use have no controls.
    async fn use_all_bands(&mut self) {
        if let Some(bands) = self.spec.params.iter().find(|param| param.id == "bands") {
            self.set_many(&[(bands, bands.max)]).await;
        }
    }

    /// Moves all that was not measured, on the sine's strip: the other switches there and back, and every slider.
    async fn move_the_rest(&mut self, mut hidden: Vec<&'static ParamSpec>) {
        let rest: Vec<&ParamSpec> =
            self.spec.params.iter().filter(|param| is_switch(param) && !is_measured(self.spec, param) && param.id != BUTTONS).collect();
        for some in rest.chunks(AT_ONCE) {
            let moves: Vec<_> = some.iter().flat_map(|param| self.way(param).map(|value| (*param, value))).collect();
            hidden.extend(self.set_many(&moves).await);
        }
        let sliders: Vec<&ParamSpec> = self.spec.params.iter().filter(|param| !is_switch(param)).collect();
        hidden.extend(self.sweep(&sliders).await);
        let mut groups: Vec<&str> = hidden.iter().map(|param| param.group).collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            let of_group: Vec<_> = hidden.iter().copied().filter(|param| param.group == group).collect();
            self.move_hidden(group, &of_group).await;
        }
    }

    /// Shows what a group's switches hide, by its first choices and all its switches on, moves it, and puts the switches back.
    async fn move_hidden(&mut self, group: &str, hidden: &[&'static ParamSpec]) {
        let switches: Vec<&ParamSpec> =
            self.spec.params.iter().filter(|param| param.group == group && is_switch(param) && param.id != BUTTONS).collect();
        let shown = |param: &ParamSpec| if param.unit == Unit::Toggle { 1.0 } else { param.min };
        let show: Vec<_> = switches.iter().map(|param| (*param, shown(param))).collect();
        // The other way round: what hides a switch goes back after it.
        let back: Vec<_> = switches.iter().rev().map(|param| (*param, self.value(param))).collect();
        let mut missing = self.set_many(&show).await;
        let sliders: Vec<_> = hidden.iter().copied().filter(|param| !is_switch(param)).collect();
        missing.extend(self.sweep(&sliders).await);
        missing.extend(self.set_many(&back).await);
        assert!(missing.is_empty(), "{} has no {:?}", self.spec.id, missing.iter().map(|param| param.id).collect::<Vec<_>>());
    }

    /// Ends the play and keeps its recording.
    async fn stop(&self) -> usize {
        let frames = self.page.diagnostic("tappedFrames").await as usize;
        assert!(frames < MOST_FRAMES - 1, "{} took longer than its recording", self.spec.id);
        self.page.finish_tap(0, LIVE).await;
        self.page.click(&[("button", "Stop")]).await;
        frames
    }

    async fn take_off(&self) {
        for region in self.regions() {
            self.page.click(&[("region", &region), ("button", "Remove insert")]).await;
            self.page.gone(&[("region", &region)]).await;
        }
    }
}

/// Both sides of a stretch of the recording.
async fn recorded(page: &Page, frames: Range<usize>) -> [Vec<f32>; 2] {
    let body = "return new Uint32Array(window.recording.buffer, 8 * arguments[0], 2 * arguments[1]).join()";
    let text = page.script(body, &[json!(frames.start), json!(frames.len())]).await;
    let bits = text.as_str().into_iter().flat_map(|text| text.split(','));
    let samples: Vec<f32> = bits.map(|bits| f32::from_bits(bits.parse().unwrap_or(f32::NAN.to_bits()))).collect();
    [0, 1].map(|side| samples.iter().skip(side).step_by(2).copied().collect())
}

/// How far a stretch leaves what lies between two others, at most.
fn excess(out: &[Vec<f32>; 2], one: &[Vec<f32>; 2], other: &[Vec<f32>; 2]) -> f32 {
    let outside = |y: f32, a: f32, b: f32| (y - a.max(b)).max(a.min(b) - y).max(0.0);
    let side = |side: usize| (0..out[side].len()).map(|at| outside(out[side][at], one[side][at], other[side][at])).fold(0.0, f32::max);
    side(0).max(side(1))
}

/// What each state gives, rendered once.
struct Settled<'a> {
    song: &'a WalkSong,
    spec: &'static ProcessorSpec,
    frames: usize,
    renders: BTreeMap<String, [Vec<f32>; 2]>,
}

impl Settled<'_> {
    fn part(&mut self, values: &[Values; 2], frames: Range<usize>) -> [Vec<f32>; 2] {
        let render = self.renders.entry(format!("{values:?}")).or_insert_with(|| self.song.settled(self.spec, values, self.frames));
        [0, 1].map(|side| render[side][frames.clone()].to_vec())
    }

    /// The switches around which the recording leaves what lies between both settled states further than it may.
    async fn loud(&mut self, page: &Page, switched: &[Switched]) -> Vec<String> {
        let mut loud = Vec::new();
        for Switched { param, from, to, frame } in switched {
            let around = *frame..frame + SETTLE_FRAMES;
            let out = recorded(page, around.clone()).await;
            let both = [from, to].map(|values| self.part(&[values.clone(), values.clone()], around.clone()));
            let excess = excess(&out, &both[0], &both[1]);
            if excess > BOUND {
                loud.push(format!("{} {} to {:?}: {excess}, more than {BOUND}", self.spec.id, param.id, to.get(param.id)));
            }
        }
        loud
    }
}

/// The first frames of a play.
async fn beginning(page: &Page) -> [Vec<f32>; 2] {
    recorded(page, 0..BEGINNING_FRAMES).await
}

async fn walk_through(page: &Page, song: &WalkSong, spec: &'static ProcessorSpec) -> Vec<String> {
    let mut walk = Walk { page, spec, values: Values::new(), switched: Vec::new() };
    walk.begin().await;
    let first = walk.values.clone();
    walk.play(2 * BEGINNING_FRAMES).await;
    let hidden = walk.switch_measured().await;
    let measured = walk.values.clone();
    walk.use_all_bands().await;
    walk.move_the_rest(hidden).await;
    walk.stop().await;
    let finite = page.script("return window.recording.every(Number.isFinite)", &[]).await;
    assert_eq!(finite, true, "{} gives what is not a number", spec.id);
    let last = walk.switched.last().map_or(0, |switched| switched.frame);
    let mut settled = Settled { song, spec, frames: last.max(BEGINNING_FRAMES) + SETTLE_FRAMES, renders: BTreeMap::new() };
    let untouched = settled.part(&[first.clone(), first], 0..BEGINNING_FRAMES);
    assert!(beginning(page).await == untouched, "{} sounds otherwise than its editor says before it is touched", spec.id);
    let loud = settled.loud(page, &walk.switched).await;
    walk.play(BEGINNING_FRAMES).await;
    walk.stop().await;
    let moved = settled.part(&[walk.values.clone(), measured], 0..BEGINNING_FRAMES);
    assert!(beginning(page).await == moved, "{} sounds otherwise than its editor says after it was moved", spec.id);
    walk.take_off().await;
    loud
}

/// Walks through every second processor: two walks go side by side.
fn walk_from(first: usize) {
    run(Browser::Chromium, &format!("walk-{first}"), async |page| {
        let song = WalkSong::new();
        let (session, mut store) = keep(&song.session, &song.samples);
        let folder = TemporaryFolder::new("walk");
        let archive = folder.path().join("Walk.headroom");
        write_archive(&session, &mut store, &archive);
        page.open_session(&archive).await;
        page.start_audio().await;
        let mut loud = Vec::new();
        for spec in SPECS.iter().skip(first).step_by(2) {
            loud.extend(walk_through(page, &song, spec).await);
        }
        assert!(loud.is_empty(), "{}", loud.join("\n"));
    });
}

#[test]
fn chromium_moves_every_parameter_of_every_processor_without_a_click_the_first_and_every_second_after_it() {
    walk_from(0);
}

#[test]
fn chromium_moves_every_parameter_of_every_processor_without_a_click_the_second_and_every_second_after_it() {
    walk_from(1);
}
