//! The mix's level on the scale of one's habit: peak and RMS in dBFS, the K-System's three, or VU.

use dsp::meters::KScale;
use dsp::units::gain_to_db;
use leptos::html::{Canvas, Div, Span};
use leptos::prelude::*;

use super::looking::Looking;
use super::reading::{Subject, signed, write};
use super::spectrum::Pick;
use crate::state::{Readings, StripReading};
use crate::ui::frame::FrameLoop;
use crate::ui::paint::Surface;

/// On which scale levels are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Rms,
    K(KScale),
    Vu,
}

/// Names, scales, and their lowest and highest reading.
const SCALES: [(&str, Scale, f32, f32); 5] = [
    ("RMS, dBFS", Scale::Rms, -60.0, 0.0),
    ("K-12", Scale::K(KScale::K12), -48.0, 12.0),
    ("K-14", Scale::K(KScale::K14), -46.0, 14.0),
    ("K-20", Scale::K(KScale::K20), -40.0, 20.0),
    ("VU", Scale::Vu, -20.0, 3.0),
];
/// What is softer is silence: a meter that falls after the end falls on through all the numbers there are.
const SILENT_DB: f32 = -120.0;
const SIDES: [&str; 2] = ["Left level", "Right level"];

/// Both sides on a scale; nothing in silence.
fn levels(scale: Scale, strip: &StripReading, vu: Option<[f32; 2]>) -> [Option<f32>; 2] {
    let numbers = match scale {
        Scale::Rms => strip.rms.map(|rms| gain_to_db(f64::from(rms)) as f32),
        Scale::K(k) => strip.rms.map(|rms| k.of_rms(f64::from(rms)) as f32),
        Scale::Vu => vu.unwrap_or([f32::NEG_INFINITY; 2]),
    };
    numbers.map(|number| Some(number).filter(|number| *number > SILENT_DB))
}

/// Two bars with their numbers, and the choice of the scale.
#[component]
pub fn LevelView(looking: StoredValue<Looking, LocalStorage>, subject: Memo<Subject>) -> impl IntoView {
    let frames = expect_context::<FrameLoop>();
    let chosen = RwSignal::new(0);
    let canvas = NodeRef::<Canvas>::new();
    let (nodes, numbers) = ([NodeRef::<Div>::new(), NodeRef::<Div>::new()], [NodeRef::<Span>::new(), NodeRef::<Span>::new()]);
    let read = move |readings: &Readings, scale: Scale| {
        let strip = subject.get_untracked().master.and_then(|master| readings.strip(master)).filter(|_| readings.running);
        strip.map_or([None; 2], |strip| looking.with_value(|looking| levels(scale, strip, looking.vu())))
    };
    frames.each(move |frame| {
        let (name, scale, lowest, highest) = SCALES[chosen.get_untracked()];
        let now = read(frame.readings, scale);
        if let Some(surface) = canvas.get_untracked().and_then(|canvas| Surface::of(&canvas)) {
            draw(&surface, now, |level| f64::from(((level - lowest) / (highest - lowest)).clamp(0.0, 1.0)));
        }
        for ((level, number), node) in now.into_iter().zip(numbers).zip(nodes) {
            let text = level.map_or_else(|| "–".to_owned(), |level| signed(level, 1, false));
            if frame.is_number_time {
                write(number, &text);
            }
            if let Some(node) = node.get_untracked().filter(|_| frame.is_reader_time) {
                let spoken = if level.is_some() { format!("{text} on {name}") } else { "not measured".into() };
                for (attribute, value) in [
                    ("aria-valuemin", lowest.to_string()),
                    ("aria-valuemax", highest.to_string()),
                    ("aria-valuenow", format!("{:.2}", level.unwrap_or(lowest).clamp(lowest, highest))),
                    ("aria-valuetext", spoken),
                ] {
                    let _ = node.set_attribute(attribute, &value);
                }
            }
        }
    });
    let side = move |side: usize| {
        view! {
            <div class="meters-level-value" node_ref=nodes[side] role="meter" aria-label=SIDES[side] aria-valuemin="-60" aria-valuemax="0"
                aria-valuenow="-60" aria-valuetext="not measured">
                <span class="n" node_ref=numbers[side]>"–"</span>
            </div>
        }
    };
    view! {
        <div class="meters-level">
            <Pick name="Scale of the level" texts=SCALES.map(|(name, ..)| name).to_vec() chosen />
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            {side(0)}
            {side(1)}
        </div>
    }
}

fn draw(surface: &Surface, levels: [Option<f32>; 2], place: impl Fn(f32) -> f64) {
    let height = (surface.height - 4.0) / 2.0;
    for (row, level) in levels.into_iter().enumerate() {
        let top = row as f64 * (height + 4.0);
        surface.ink("bg-0", 1.0);
        surface.rect(0.0, top, surface.width, height);
        if let Some(level) = level {
            surface.ink("ivory", 0.9);
            surface.rect(0.0, top, surface.width * place(level), height);
        }
    }
    // Zero of the scale.
    surface.ink("tx-2", 1.0);
    surface.down(surface.width * place(0.0).min(0.998), 0.0, surface.height);
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp::protocol::StripId;

    #[test]
    fn a_sine_of_minus_twenty_reads_its_level_on_every_scale() {
        let rms = 0.1 / 2f32.sqrt();
        let strip = StripReading { id: StripId(1), peak: [0.1; 2], peak_pre: 0.1, rms: [rms; 2], peak_max: 0.1, clipped: 0 };
        for (scale, expected) in
            [(Scale::Rms, -23.01), (Scale::K(KScale::K20), 0.0), (Scale::K(KScale::K14), -6.0), (Scale::K(KScale::K12), -8.0)]
        {
            let [left, right] = levels(scale, &strip, None);
            assert!(left.is_some_and(|left| (left - expected).abs() < 0.01) && left == right, "{scale:?}: {left:?}");
        }
        assert_eq!(levels(Scale::Rms, &StripReading { rms: [1e-15, 0.0], ..strip }, None), [None; 2], "what has faded away is silence");
        assert_eq!(levels(Scale::Vu, &strip, Some([-2.0, f32::NEG_INFINITY])), [Some(-2.0), None]);
    }
}
