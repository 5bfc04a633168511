//! The numbers of the Master room's meters: what each is called, how it is written and spoken. A dash stands for what was not measured.

use dsp::protocol::StripId;
use leptos::html::{Div, Span};
use leptos::prelude::*;
use session::destination::TARGET_TOLERANCE_LU;

use crate::state::Readings;
use crate::ui::console::loudness_text;
use crate::ui::frame::FrameLoop;

/// A loudness range over less than this is only a hint.
const RANGE_FROM_S: f64 = 60.0;
/// A balance further out is a side that is silent.
const MOST_BALANCE_DB: f32 = 24.0;

/// What a meter shows and says.
pub struct Value {
    /// As it is written.
    pub text: String,
    /// As a number, when it was measured.
    pub number: Option<f32>,
}

impl Value {
    fn of(number: f32, measured: bool, write: impl Fn(f32) -> String) -> Self {
        let number = Some(number).filter(|number| measured && number.is_finite());
        Self { text: number.map_or_else(|| "–".into(), write), number }
    }
}

/// Which meter; its place in the design, its name for readers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Meter {
    /// Loudness over 400 ms.
    Momentary,
    /// Loudness over 3 s.
    ShortTerm,
    /// Gated loudness since the reset.
    Integrated,
    /// Loudness range since the reset.
    Range,
    /// Largest true peak since the reset.
    TruePeak,
    /// The largest true peak over the integrated loudness.
    PeakToLoudness,
    /// The largest true peak of the last 3 s over the short-term loudness.
    PeakToShortTerm,
    /// Largest short-term loudness since the reset.
    ShortTermMax,
    /// Of both channels.
    Correlation,
    /// Right against left.
    Balance,
    /// Integrated loudness over the destination's.
    ToTarget,
}

/// What readings are read for: the song's rate, its master.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Subject {
    /// The song's rate.
    pub rate_hz: u32,
    /// Its master strip.
    pub master: Option<StripId>,
    /// The loudness that its destination asks for.
    pub target_lufs: f32,
}

impl Meter {
    /// Name, unit, lowest and highest number.
    pub const fn about(self) -> (&'static str, &'static str, f32, f32) {
        match self {
            Self::Momentary => ("Momentary loudness", "LUFS", -70.0, 10.0),
            Self::ShortTerm => ("Short-term loudness", "LUFS", -70.0, 10.0),
            Self::Integrated => ("Integrated loudness", "LUFS", -70.0, 10.0),
            Self::Range => ("Loudness range", "LU", 0.0, 60.0),
            Self::TruePeak => ("True peak", "dBTP", -90.0, 24.0),
            Self::PeakToLoudness => ("Peak to loudness ratio", "LU", 0.0, 60.0),
            Self::PeakToShortTerm => ("Peak to short-term ratio", "LU", 0.0, 60.0),
            Self::ShortTermMax => ("Largest short-term loudness", "LUFS", -70.0, 10.0),
            Self::Correlation => ("Correlation", "", -1.0, 1.0),
            Self::Balance => ("Balance", "dB", -24.0, 24.0),
            Self::ToTarget => ("Integrated loudness over the target", "LU", -60.0, 60.0),
        }
    }

    pub fn read(self, readings: &Readings, subject: Subject) -> Value {
        let on = readings.running;
        let loudness = |lufs: f32| Value::of(lufs, on && lufs > -70.0, loudness_text);
        match self {
            Self::Momentary => loudness(readings.momentary),
            Self::ShortTerm => loudness(readings.short_term),
            Self::Integrated => loudness(readings.integrated),
            Self::Range => {
                let is_short = (readings.measured_frames as f64) < RANGE_FROM_S * f64::from(subject.rate_hz);
                Value::of(readings.range, on, |range| format!("{}{range:.1}", if is_short { "≈\u{2009}" } else { "" }))
            }
            Self::TruePeak => {
                let db = dsp::units::gain_to_db(f64::from(readings.true_peak_max)) as f32;
                Value::of(db, on && readings.true_peak_max > 0.0, |db| signed(db, 1, false))
            }
            Self::PeakToLoudness => {
                let plr = dsp::units::gain_to_db(f64::from(readings.true_peak_max)) as f32 - readings.integrated;
                Value::of(plr, on && readings.integrated > -70.0, |plr| signed(plr, 1, false))
            }
            Self::PeakToShortTerm => Value::of(readings.psr, on && readings.short_term > -70.0, |psr| signed(psr, 1, false)),
            Self::ShortTermMax => loudness(readings.short_term_max),
            Self::ToTarget => {
                let off = readings.integrated - subject.target_lufs;
                Value::of(off, on && readings.integrated > -70.0, |off| signed(off, 1, true))
            }
            Self::Balance => {
                let rms = subject.master.and_then(|master| readings.strip(master)).map_or([0.0; 2], |strip| strip.rms);
                let [left, right] = rms.map(|rms| dsp::units::gain_to_db(f64::from(rms)) as f32);
                Value::of((right - left).clamp(-MOST_BALANCE_DB, MOST_BALANCE_DB), on && rms != [0.0; 2], sided)
            }
            Self::Correlation => Value::of(readings.correlation, on && readings.momentary > -70.0, |value| signed(value, 2, true)),
        }
    }
}

/// A number with a true minus, a plus where asked, and no minus zero.
pub fn signed(value: f32, places: usize, plus: bool) -> String {
    let text = format!("{:.places$}", value.abs());
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    match (is_zero, value < 0.0, plus) {
        (true, ..) => text,
        (_, true, _) => format!("−{text}"),
        (_, false, true) => format!("+{text}"),
        (_, false, false) => text,
    }
}

/// A balance as a side and decibels.
fn sided(db: f32) -> String {
    let text = format!("{:.1}", db.abs());
    match (text.as_str(), db < 0.0) {
        ("0.0", _) => text,
        (_, true) => format!("L\u{2009}{text}"),
        (_, false) => format!("R\u{2009}{text}"),
    }
}

/// A number that is a `meter` for readers: what they hear changes at most twice a second.
#[component]
pub fn Reading(
    /// Which.
    meter: Meter,
    /// Its class.
    class: &'static str,
    /// What stands beside it for eyes.
    caption: &'static str,
    /// What is measured.
    subject: Memo<Subject>,
) -> impl IntoView {
    let frames = expect_context::<FrameLoop>();
    let (name, unit, lowest, highest) = meter.about();
    let (node, number) = (NodeRef::<Div>::new(), NodeRef::<Span>::new());
    let (mut spoken, mut was_there) = (String::new(), false);
    frames.each(move |frame| {
        if !frame.is_number_time {
            return;
        }
        let value = meter.read(frame.readings, subject.get_untracked());
        write(number, &value.text);
        let is_there = meter == Meter::ToTarget && value.number.is_some_and(|off| f64::from(off).abs() <= TARGET_TOLERANCE_LU);
        if std::mem::replace(&mut was_there, is_there) != is_there
            && let Some(node) = node.get_untracked()
        {
            let _ = node.set_attribute("data-reached", if is_there { "true" } else { "false" });
        }
        if frame.is_reader_time
            && value.text != spoken
            && let Some(node) = node.get_untracked()
        {
            let now = value.number.unwrap_or(lowest).clamp(lowest, highest);
            let text = if value.number.is_some() { format!("{} {unit}", value.text) } else { "not measured".to_owned() };
            let _ = node.set_attribute("aria-valuenow", &format!("{now:.2}"));
            let _ = node.set_attribute("aria-valuetext", text.trim_end());
            spoken = value.text;
        }
    });
    view! {
        <div class=class node_ref=node role="meter" aria-label=name aria-valuemin=lowest.to_string() aria-valuemax=highest.to_string()
            aria-valuenow=lowest.to_string() aria-valuetext="not measured">
            <span class="lbl">{caption}</span>
            <b class="n"><span node_ref=number>"–"</span><span class="u">{unit}</span></b>
        </div>
    }
}

/// Writes a number where it has changed.
pub fn write(node: NodeRef<Span>, text: &str) {
    if let Some(node) = node.get_untracked()
        && node.text_content().as_deref() != Some(text)
    {
        node.set_text_content(Some(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::StripReading;

    const SUBJECT: Subject = Subject { rate_hz: 48_000, master: Some(StripId(1)), target_lufs: -14.0 };

    #[test]
    fn nothing_is_printed_that_was_not_measured() {
        let silent = Readings {
            running: true,
            momentary: f32::NEG_INFINITY,
            integrated: f32::NEG_INFINITY,
            short_term: f32::NEG_INFINITY,
            range: f32::NAN,
            psr: f32::NAN,
            ..Readings::default()
        };
        use Meter::*;
        for meter in [Momentary, Integrated, Range, TruePeak, PeakToLoudness, PeakToShortTerm, Correlation, Balance, ToTarget] {
            assert_eq!(meter.read(&silent, SUBJECT).text, "–");
        }
    }

    #[test]
    fn measured_numbers_read_as_the_design_writes_them() {
        let strip = StripReading { id: StripId(1), peak: [0.5; 2], peak_pre: 0.5, rms: [0.1, 0.098], peak_max: 0.5, clipped: 0 };
        let readings = Readings {
            running: true,
            momentary: -10.2,
            short_term: -10.6,
            integrated: -11.6,
            range: 7.44,
            true_peak_max: 0.891_251,
            psr: 9.04,
            correlation: 0.78,
            measured_frames: 48_000 * 90,
            strips: vec![strip],
            ..Readings::default()
        };
        let text = |meter: Meter| meter.read(&readings, SUBJECT).text;
        assert_eq!(text(Meter::Momentary), "−10.2");
        assert_eq!(text(Meter::Range), "7.4");
        assert_eq!(text(Meter::TruePeak), "−1.0");
        assert_eq!(text(Meter::PeakToLoudness), "10.6");
        assert_eq!(text(Meter::PeakToShortTerm), "9.0");
        assert_eq!(text(Meter::ToTarget), "+2.4");
        assert_eq!(text(Meter::Correlation), "+0.78");
        assert_eq!(text(Meter::Balance), "L\u{2009}0.2");
    }
}
