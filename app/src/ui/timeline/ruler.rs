//! What stands on the ruler: bars and beats by the song's tempo, seconds beside them.

use session::model::Tempo;

use super::time;
use super::window::Window;

/// Smallest distance between two bar numbers.
const BAR_LABEL_PX: f64 = 34.0;
/// Smallest distance between two time labels.
const TIME_LABEL_PX: f64 = 84.0;
/// Smallest distance between two ticks of beats.
const BEAT_PX: f64 = 7.0;
/// Distances between time labels, in seconds.
const TIME_STEPS_S: [f64; 19] =
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0];

/// A line on the ruler.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Place.
    pub x: f64,
    /// What it marks.
    pub kind: TickKind,
    /// Text beside it; empty for none.
    pub label: String,
}

/// What a line on the ruler marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TickKind {
    /// The first of four bars.
    Phrase,
    /// A bar.
    Bar,
    /// A beat.
    Beat,
    /// A point in time.
    Time,
}

/// Bars and beats that are visible.
pub fn bar_ticks(window: &Window, rate_hz: u32, tempo: &Tempo) -> Vec<Tick> {
    let bar = time::bar_frames(rate_hz, tempo);
    let bar_px = bar / window.frames_per_px;
    let step = doubled_until(bar_px, 10.0);
    let label_step = doubled_until(bar_px, BAR_LABEL_PX).max(step);
    let beats = u64::from(tempo.beats.max(1));
    let draws_beats = bar_px / beats as f64 >= BEAT_PX;
    let first = (window.start / bar).floor().max(0.0) as u64 / step * step;
    let last = (window.end() / bar).ceil() as u64;
    let mut ticks = Vec::new();
    for number in (first..=last).step_by(step as usize) {
        let at = number as f64 * bar;
        let x = (at - window.start) / window.frames_per_px;
        let kind = if number.is_multiple_of(4 * step) { TickKind::Phrase } else { TickKind::Bar };
        let label = if number.is_multiple_of(label_step) { (number + 1).to_string() } else { String::new() };
        ticks.push(Tick { x, kind, label });
        if draws_beats {
            ticks.extend((1..beats).map(|beat| {
                let x = (at + bar * beat as f64 / beats as f64 - window.start) / window.frames_per_px;
                Tick { x, kind: TickKind::Beat, label: String::new() }
            }));
        }
    }
    ticks.retain(|tick| tick.x >= -40.0 && tick.x <= window.width);
    ticks
}

/// Times that are visible.
pub fn time_ticks(window: &Window, rate_hz: u32) -> Vec<Tick> {
    let second_px = f64::from(rate_hz) / window.frames_per_px;
    let step = TIME_STEPS_S.into_iter().find(|step| step * second_px >= TIME_LABEL_PX).unwrap_or(3600.0);
    let first = (window.start / f64::from(rate_hz) / step).floor().max(0.0) as u64;
    (first..)
        .map(|number| number as f64 * step)
        .map(|seconds| (seconds, (seconds * f64::from(rate_hz) - window.start) / window.frames_per_px))
        .skip_while(|&(_, x)| x < -60.0)
        .take_while(|&(_, x)| x <= window.width)
        .map(|(seconds, x)| Tick { x, kind: TickKind::Time, label: time::label(seconds, step) })
        .collect()
}

fn doubled_until(unit_px: f64, least_px: f64) -> u64 {
    let mut step = 1u64;
    while step as f64 * unit_px < least_px && step < 1 << 20 {
        step *= 2;
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPO: Tempo = Tempo { bpm: 120.0, beats: 4, beat_unit: 4 };

    fn labels(ticks: &[Tick]) -> Vec<(f64, &str)> {
        ticks.iter().filter(|tick| !tick.label.is_empty()).map(|tick| (tick.x, tick.label.as_str())).collect()
    }

    #[test]
    fn bar_numbers_never_stand_closer_than_they_can_be_read() {
        let whole = Window::whole(48_000.0 * 240.0, 900.0);
        for factor in [1.0, 0.5, 0.1, 0.01, 0.001] {
            let ticks = bar_ticks(&whole.zoomed(factor, 450.0), 48_000, &TEMPO);
            let labels = labels(&ticks);
            assert!(labels.windows(2).all(|pair| pair[1].0 - pair[0].0 >= BAR_LABEL_PX - 1e-6), "at {factor}: {labels:?}");
            assert!(ticks.len() < 900, "{} ticks at {factor}", ticks.len());
        }
    }

    #[test]
    fn the_first_bar_is_number_one_and_stands_at_the_start() {
        let ticks = bar_ticks(&Window::whole(480_000.0, 900.0), 48_000, &TEMPO);
        assert_eq!(labels(&ticks)[0], (0.0, "1"));
        assert_eq!(ticks[0].kind, TickKind::Phrase);
    }

    #[test]
    fn time_labels_read_differently_and_keep_their_distance() {
        let whole = Window::whole(48_000.0 * 240.0, 900.0);
        for factor in [1.0, 0.3, 0.03, 0.001, 0.000_1] {
            let ticks = time_ticks(&whole.zoomed(factor, 450.0), 48_000);
            let labels = labels(&ticks);
            assert!(labels.windows(2).all(|pair| pair[1].0 - pair[0].0 >= TIME_LABEL_PX - 1e-6 && pair[0].1 != pair[1].1), "{labels:?}");
        }
    }
}
