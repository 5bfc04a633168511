//! The demo's drummer: every sound is made once, then placed by a groove with small differences in loudness and time.

use super::score::{BARS, Part, frame_at, part_of};
use super::synth::{Decay, Filter, Noise, Phase, add_at, frames_of_ms, sine};
use super::{Stem, mono, stereo};

/// Kick: a falling sine around 55 Hz (where the bass is, too) with a click.
pub fn kick() -> Stem {
    let mut hit = vec![0.0; frames_of_ms(420)];
    let (mut phase, mut body, mut drop, mut click) = (Phase::default(), Decay::new(0.38), Decay::new(0.09), Decay::new(0.012));
    let mut noise = Noise::new(11);
    for sample in &mut hit {
        let turns = phase.advance(54.0 + 150.0 * drop.next());
        *sample = 0.85 * sine(turns) * body.next() + 0.25 * noise.next() * click.next();
    }
    let mut stem = mono();
    let mut human = Noise::new(12);
    for bar in 4..BARS {
        let hits: &[f32] = match part_of(bar) {
            Part::Chorus => &[0.0, 1.5, 2.0, 3.5],
            _ => &[0.0, 1.75, 2.5],
        };
        for beat in hits {
            add_at(&mut stem[0], frame_at(bar, *beat), &hit, 0.9 * human.around_one(0.08));
        }
    }
    stem
}

/// Snare: two tones and noise, with a boxy ring at 380 Hz that wants an equalizer.
pub fn snare() -> Stem {
    let mut hit = vec![0.0; frames_of_ms(350)];
    let mut noise = Noise::new(21);
    let (mut low, mut high) = (Phase::default(), Phase::default());
    let (mut tone, mut ring, mut wires) = (Decay::new(0.14), Decay::new(0.3), Decay::new(0.22));
    let mut bright = Filter::new(2600.0, 0.6);
    for sample in &mut hit {
        let drum = 0.5 * sine(low.advance(188.0)) * tone.next() + 0.28 * sine(high.advance(381.0)) * ring.next();
        *sample = drum + 0.55 * bright.process(noise.next()).high * wires.next();
    }
    let mut stem = mono();
    let mut human = Noise::new(22);
    for bar in 4..BARS {
        for beat in [1.0, 3.0] {
            add_at(&mut stem[0], frame_at(bar, beat) + 120, &hit, 0.6 * human.around_one(0.12));
        }
        if bar % 8 == 3 {
            for (step, beat) in [2.5, 2.75, 3.25, 3.5, 3.75].into_iter().enumerate() {
                add_at(&mut stem[0], frame_at(bar, beat), &hit, 0.3 + 0.08 * step as f32);
            }
        }
        if part_of(bar) == Part::Chorus {
            add_at(&mut stem[0], frame_at(bar, 2.25), &hit, 0.1 * human.around_one(0.4));
        }
    }
    stem
}

fn hat(seconds: f32, seed: u32) -> Vec<f32> {
    let mut noise = Noise::new(seed);
    let (mut level, mut bright) = (Decay::new(seconds), Filter::new(7800.0, 1.1));
    (0..frames_of_ms((seconds * 1000.0) as usize)).map(|_| bright.process(noise.next()).high * level.next()).collect()
}

/// Hats: eighths in the verse, sixteenths in the chorus.
pub fn hats() -> Stem {
    let (closed, open) = (hat(0.07, 31), hat(0.35, 32));
    let mut stem = mono();
    let mut human = Noise::new(33);
    for bar in 0..BARS {
        let steps = if part_of(bar) == Part::Chorus { 16 } else { 8 };
        for step in 0..steps {
            let accent = [0.42, 0.2, 0.32, 0.22][step % 4] * human.around_one(0.15);
            let start = frame_at(bar, 4.0 * step as f32 / steps as f32) + (60.0 * (1.0 + human.next())) as usize;
            let is_open = bar >= 4 && step == steps - 1;
            add_at(&mut stem[0], start, if is_open { &open } else { &closed }, accent);
        }
    }
    stem
}

/// Overheads: crash at each part's first beat, ride in the chorus, left and right of one another.
pub fn overheads() -> Stem {
    let mut stem = stereo();
    let mut human = Noise::new(41);
    for (side, channel) in stem.iter_mut().enumerate() {
        let seed = 42 + 10 * side as u32;
        let mut noise = Noise::new(seed);
        let (mut level, mut tone, mut air) = (Decay::new(2.2), Filter::new(5200.0, 0.5), Filter::new(430.0, 0.9));
        let crash: Vec<f32> = (0..frames_of_ms(2400))
            .map(|_| {
                let bands = tone.process(noise.next());
                (bands.high + 0.5 * bands.band) * level.next()
            })
            .map(|sample| sample - 0.6 * air.process(sample).low)
            .collect();
        let ride = hat(0.6, seed + 1);
        for bar in [4, 12, 20, 24, 28] {
            add_at(channel, frame_at(bar, 0.0), &crash, 0.42);
        }
        for bar in (0..BARS).filter(|bar| part_of(*bar) == Part::Chorus) {
            for beat in 0..4 {
                let side_gain = if side == 0 { 0.16 } else { 0.26 };
                add_at(channel, frame_at(bar, beat as f32) + 30 * side, &ride, side_gain * human.around_one(0.2));
            }
        }
    }
    stem
}

/// Shaker: sixteenths from the first verse on.
pub fn shaker() -> Stem {
    let mut noise = Noise::new(51);
    let mut tone = Filter::new(5600.0, 1.6);
    let length = frames_of_ms(90);
    let hit: Vec<f32> = (0..length)
        .map(|frame| {
            let swell = frame as f32 / length as f32;
            tone.process(noise.next()).band * swell * (1.0 - swell) * 4.0
        })
        .collect();
    let mut stem = mono();
    let mut human = Noise::new(52);
    for bar in 4..BARS {
        for step in 0..16 {
            let accent = [0.5, 0.18, 0.34, 0.2][step % 4];
            add_at(&mut stem[0], frame_at(bar, step as f32 / 4.0), &hit, accent * human.around_one(0.2));
        }
    }
    stem
}
