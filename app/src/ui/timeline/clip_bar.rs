//! The bar of the selected clip: where it is, its gain and fades, and what can be done with it.

use dsp::params::{Flags, ParamSpec, Taper, Unit};
use leptos::prelude::*;
use session::Edit;
use session::model::{Clip, ClipId};

use super::shape::Part;
use super::state::TimelineState;
use super::{edits, many, time};
use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook, Control, Icon, IconView, ValueBar};

/// A clip's gain, in the range that the document allows.
static GAIN: ParamSpec = ParamSpec::new("gain", "Gain", Unit::Db, -144.0, 24.0, 0.0, "Level of this clip alone.")
    .stepped(0.5, 0.1, 3.0)
    .taper(Taper::Linear)
    .flag(Flags::MIN_IS_SILENCE);
/// Longest fade that the bar sets; the pointer sets longer ones.
const LONGEST_FADE_MS: f32 = 30_000.0;
/// The length of a fade.
static FADE_IN: ParamSpec = fade("fade_in", "Fade in");
static FADE_OUT: ParamSpec = fade("fade_out", "Fade out");

const fn fade(id: &'static str, name: &'static str) -> ParamSpec {
    ParamSpec::new(id, name, Unit::Ms, 0.0, LONGEST_FADE_MS, 0.0, "From silence to full level, in time.")
        .taper(Taper::Power(3.0))
        .stepped(10.0, 1.0, 100.0)
}

/// The bar; nothing while no clip is selected.
#[component]
pub fn ClipBar() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let id = Memo::new(move |_| {
        let id = state.selected.get()?;
        studio.song(|song| song.clip(id).map(|_| id)).flatten()
    });
    move || id.get().map(|id| view! { <Bar id /> })
}

#[component]
fn Bar(id: ClipId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let clip = Memo::new(move |_| studio.song(|song| song.clip(id).map(|(_, clip)| clip.clone())).flatten());
    let rate = Memo::new(move |_| studio.song(|song| song.rate_hz).unwrap_or(48_000));
    let name = Memo::new(move |_| {
        clip.track();
        edits::name(studio, id)
    });
    let shown_name = move || match state.also.with(Vec::len) {
        0 => name.get(),
        count => format!("{} and {} more", name.get(), count - 1),
    };
    let times = move || {
        let clip = clip.get()?;
        Some(format!("{} – {}", time::clock(clip.start, rate.get()), time::clock(clip.start + clip.length, rate.get())))
    };
    let to_playhead = move |part: Part| edits::take_part_to(studio, id, part, studio.locator.get_untracked());
    let control =
        move |spec, read: fn(&Clip, f32) -> f32, write: fn(&mut Clip, f32, f32)| clip_control(studio, id, clip, rate, spec, read, write);
    let gain = control(&GAIN, |clip, _| clip.gain_db, |clip, value, _| clip.gain_db = value);
    let fade_in = control(
        &FADE_IN,
        |clip, rate| clip.fade_in.frames as f32 / rate * 1000.0,
        |clip, value, rate| {
            clip.fade_in.frames = fade_frames(value, rate, clip.length, clip.fade_out.frames);
        },
    );
    let fade_out = control(
        &FADE_OUT,
        |clip, rate| clip.fade_out.frames as f32 / rate * 1000.0,
        |clip, value, rate| {
            clip.fade_out.frames = fade_frames(value, rate, clip.length, clip.fade_in.frames);
        },
    );
    let bar = move |control: Control| {
        let label = control.spec.name;
        view! { <label class="clip-value"><span class="lbl">{label}</span><ValueBar control name=Signal::stored(label.to_owned()) unit=true /></label> }
    };
    view! {
        <div class="tl-clip-bar" role="group" aria-label=name>
            <b class="el">{shown_name}</b>
            <span class="n lbl clip-times">{times}</span>
            {bar(gain)}{bar(fade_in)}{bar(fade_out)}
            <span class="grow"></span>
            <Button look=ButtonLook::Quiet class="is-small" name="Trim start to playhead" hint="Key: [" on_press=move |()| to_playhead(Part::Start)>"["</Button>
            <Button look=ButtonLook::Quiet class="is-small" name="Trim end to playhead" hint="Key: ]" on_press=move |()| to_playhead(Part::End)>"]"</Button>
            <Button look=ButtonLook::Quiet class="is-small" name="Split clip" hint="At the playhead. Key: S" on_press=move |()| many::split(studio, &state.chosen(studio), studio.locator.get_untracked())>"Split"</Button>
            <Button look=ButtonLook::Quiet class="is-small" name="Duplicate clip" hint="Behind itself. Key: Ctrl D" on_press=move |()| many::duplicate(studio, state, &state.chosen(studio))>"Duplicate"</Button>
            <Button look=ButtonLook::Quiet class="is-small" name="Cross-fade clip" hint="With the clips that it overlaps. Key: Shift X" on_press=move |()| many::crossfade(studio, id)>"Cross-fade"</Button>
            <Button look=ButtonLook::Quiet class="is-small is-icon" name="Delete clip" hint="Key: Delete" on_press=move |()| many::remove(studio, state, &state.chosen(studio))>
                <IconView icon=Icon::Remove />
            </Button>
        </div>
    }
}

/// A fade's frames, with room for the other one.
fn fade_frames(ms: f32, rate_hz: f32, length: u64, other: u32) -> u32 {
    let room = length.saturating_sub(u64::from(other)).min(u64::from(u32::MAX)) as f32;
    (ms / 1000.0 * rate_hz).round().clamp(0.0, room) as u32
}

fn clip_control(
    studio: Studio,
    id: ClipId,
    clip: Memo<Option<Clip>>,
    rate: Memo<u32>,
    spec: &'static ParamSpec,
    read: fn(&Clip, f32) -> f32,
    write: fn(&mut Clip, f32, f32),
) -> Control {
    let value = Signal::derive(move || clip.with(|clip| clip.as_ref().map_or(spec.default, |clip| read(clip, rate.get() as f32))));
    let set = move |value: f32| {
        let (Some(song), Some((strip, mut clip, _))) = (studio.peek_song_id(), edits::find(studio, id)) else { return };
        write(&mut clip, value, rate.get_untracked() as f32);
        let step = format!("{} {}", edits::name(studio, id), spec.name.to_lowercase());
        studio.gesture(step, Edit::SetClip { song, strip, clip });
    };
    Control { spec, value, set: Callback::new(set), done: Callback::new(move |()| studio.end_gesture()), more: None }
}
