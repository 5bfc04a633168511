//! The two drawings of the start page: stems in a row, and a mix under its ceiling. They show the idea, not anybody's audio.

use crate::ui::paint::{Align, Surface};

/// Seconds that the drawing of stems spans.
const STEMS_SPAN_S: f64 = 34.0;
/// Length of one beat in the drawing.
const BEAT_S: f64 = 0.625;
/// Tracks in the drawing of stems.
const STEMS: usize = 12;
/// Height of the text above the drawings, on a page that has the room and on one that has not.
const TOP_PX: f64 = 214.0;
const LOW_TOP_PX: f64 = 168.0;
/// A half that is lower than this has not.
const LOW_HALF_PX: f64 = 540.0;
/// Height of the buttons below them.
const BOTTOM_PX: f64 = 96.0;
/// How far the loudest place of the drawn mix stays below its ceiling.
const MIX_PEAK_DB: f64 = -5.9;

/// A number from 0 to 1 that is always the same for the same place.
fn noise(place: f64) -> f64 {
    let x = (place * 127.1 + 11.7).sin() * 43_758.545_3;
    x - x.floor()
}

/// The same, smooth in between.
fn smooth(place: f64) -> f64 {
    let (whole, part) = (place.floor(), place - place.floor());
    let bend = part * part * (3.0 - 2.0 * part);
    noise(whole) * (1.0 - bend) + noise(whole + 1.0) * bend
}

/// Falls from 1 at every hit.
fn hits(time_s: f64, every_s: f64, offset_s: f64, fall_per_s: f64) -> f64 {
    (-(time_s - offset_s).rem_euclid(every_s) * fall_per_s).exp()
}

/// Sounds from 0 to 1 in phrases of `bars` with a rest after each; `None` where the track has no clip.
fn phrases(time_s: f64, seed: f64) -> f64 {
    let bar = time_s / (4.0 * BEAT_S);
    let in_phrase = bar.rem_euclid(2.0);
    if in_phrase > 1.52 {
        0.0
    } else {
        (in_phrase * 9.0).min(1.0) * ((1.52 - in_phrase) * 14.0).min(1.0) * (0.45 + 0.55 * smooth(time_s * 3.0 + seed))
    }
}

/// How far a stem swings at a time; `None` where it has no clip.
fn stem(track: usize, time_s: f64) -> Option<f64> {
    let from = [0.0, 0.0, 0.0, 0.0, 0.0, 10.0, 10.0, 20.0, 0.0, 10.0, 10.0, 10.0][track];
    let to = if track == 8 { 11.5 } else { STEMS_SPAN_S };
    let early = (track == 5 && time_s < 9.0) || (track == 7 && time_s < 2.4) || (track == 9 && time_s < 8.4);
    if !early && !(from..to).contains(&time_s) {
        return None;
    }
    let grain = 0.82 + 0.18 * noise(time_s * 97.0 + track as f64);
    let level = match track {
        0 => hits(time_s, 2.0 * BEAT_S, 0.0, 9.0).max(0.8 * hits(time_s, 8.0 * BEAT_S, 3.5 * BEAT_S, 10.0)),
        1 => hits(time_s, 2.0 * BEAT_S, BEAT_S, 7.0).max(0.3 * hits(time_s, 4.0 * BEAT_S, 2.75 * BEAT_S, 16.0)),
        2 => (0.55 + 0.3 * noise((time_s / BEAT_S * 2.0).floor())) * hits(time_s, BEAT_S / 2.0, 0.0, 16.0),
        3 => 0.25 + 0.5 * hits(time_s, 2.0 * BEAT_S, BEAT_S, 3.0),
        4 => 0.5 + 0.3 * hits(time_s, 2.0 * BEAT_S, 0.0, 1.4),
        5 | 6 => 0.3 + 0.35 * hits(time_s, BEAT_S, 0.04 * track as f64, 2.6),
        7 => 0.24 + 0.42 * hits(time_s, 4.0 * BEAT_S, 0.0, 0.7),
        8 => (0.06 + 0.42 * smooth(time_s * 0.32)) * ((11.5 - time_s) / 6.0).min(1.0),
        9 => phrases(time_s, 4.0),
        10 => 0.8 * phrases(time_s + 0.08, 31.0),
        _ => {
            if phrases(time_s, 9.0) > 0.0 {
                0.62 + 0.2 * smooth(time_s * 1.3)
            } else {
                0.0
            }
        }
    };
    Some(level * grain)
}

fn top(surface: &Surface) -> f64 {
    if surface.height < LOW_HALF_PX { LOW_TOP_PX } else { TOP_PX }
}

/// Draws the stems.
pub fn stems(surface: &Surface) {
    let (top, bottom) = (top(surface), surface.height - BOTTOM_PX);
    let row = (bottom - top) / STEMS as f64;
    if row < 6.0 {
        return;
    }
    for track in 0..STEMS {
        let middle = top + (track as f64 + 0.5) * row;
        let colour = surface.token(&format!("wav-{}", track + 1));
        for x in 0..surface.width as u32 {
            let x = f64::from(x);
            let Some(level) = stem(track, x / surface.width * STEMS_SPAN_S) else { continue };
            let half = (level * row * 0.46).max(0.5);
            let fade = (x / 120.0).min(1.0);
            surface.ink_value(&colour, 0.12 + 0.62 * fade * fade);
            surface.rect(x, middle - half, 1.0, half * 2.0);
        }
    }
}

/// Where the drawn mix changes, from its start (0) to its end (1), and how loud it is from there on.
const PARTS: [(f64, f64); 8] =
    [(0.0, 0.2), (0.07, 0.46), (0.25, 0.88), (0.42, 0.54), (0.55, 0.94), (0.71, 0.32), (0.79, 0.84), (0.95, 0.0)];
/// How long a change takes.
const TURN: f64 = 0.014;

/// How far the drawn mix swings at a place.
fn mix(place: f64) -> f64 {
    let mut loud = PARTS[0].1;
    for pair in PARTS.windows(2) {
        let turn = if pair[1].1 == 0.0 { 1.0 - pair[1].0 } else { TURN };
        let share = ((place - pair[1].0) / turn).clamp(0.0, 1.0);
        loud += (pair[1].1 - pair[0].1) * share;
    }
    // Louder and softer by the bar and by the hit.
    loud * (0.5 + 0.34 * smooth(place * 46.0) + 0.2 * smooth(place * 190.0) + 0.22 * noise(place * 1931.0).powi(2))
}

/// Draws the mix with the room above it.
pub fn headroom(surface: &Surface) {
    let ceiling = top(surface) + 8.0;
    let half = (surface.height - BOTTOM_PX - ceiling) / 2.0;
    if half < 40.0 {
        return;
    }
    let middle = ceiling + half;
    let levels: Vec<f64> = (0..surface.width as u32).map(|x| mix(f64::from(x) / surface.width)).collect();
    let (loudest, most) =
        levels.iter().copied().enumerate().fold((0, 0.0), |best, (x, level)| if level > best.1 { (x, level) } else { best });
    let scale = 10f64.powf(MIX_PEAK_DB / 20.0) / most;
    let (grey, ivory) = (surface.token("tx-2"), surface.token("ivory"));
    for (x, level) in levels.iter().enumerate() {
        let swing = (level * scale).max(0.012) * half;
        let fade = ((surface.width - x as f64) / 160.0).clamp(0.0, 1.0);
        surface.ink_value(&grey, 0.06 + 0.42 * fade);
        surface.rect(x as f64, middle - swing, 1.0, swing * 2.0);
        surface.ink_value(&ivory, 0.05 + 0.75 * fade);
        surface.rect(x as f64, middle - swing * 0.45, 1.0, swing * 0.9);
    }
    surface.ink_value(&ivory, 1.0);
    surface.across(ceiling, 0.0, surface.width);
    surface.ink("tx-2", 1.0);
    surface.text("Ceiling, 0\u{2009}dBFS", 48.0, ceiling - 10.0, 11, 400, Align::Left);
    distance(surface, loudest as f64, ceiling + 1.0, middle - most * scale * half - 1.0);
}

/// The arrow from the ceiling to the loudest place.
fn distance(surface: &Surface, x: f64, from: f64, to: f64) {
    surface.ink("tx-1", 1.0);
    surface.down(x, from + 2.0, to - 2.0);
    for (tip, away) in [(from, 6.0), (to, -6.0)] {
        surface.shape([(x + 0.5, tip), (x - 3.0, tip + away), (x + 4.0, tip + away)]);
    }
    let label = format!("{:.1}\u{2009}dB headroom", -MIX_PEAK_DB);
    let (at, align) = if x > surface.width - 140.0 { (x - 10.0, Align::Right) } else { (x + 10.0, Align::Left) };
    surface.text(&label, at, (from + to) / 2.0, 12, 600, align);
}
