//! The demo's band: bass, electric piano, guitar, pad and lead.

use super::score::{BAR_FRAMES, BARS, BEAT_FRAMES, LEAD, Part, chord_of, frame_at, part_of, pitch_hz};
use super::synth::{Decay, Filter, Noise, Phase, add_at, frames_of_ms, held, saw, sine};
use super::{Stem, mono, stereo};

/// Bass: a filtered saw with a sine an octave below the ear's attention, on the kick's frequencies.
pub fn bass() -> Stem {
    let mut stem = mono();
    let mut human = Noise::new(61);
    for bar in 2..BARS {
        let chord = chord_of(bar);
        let pattern: &[(f32, f32, u8)] = match part_of(bar) {
            Part::Intro => &[(0.0, 3.5, 0)],
            Part::Verse => &[(0.0, 1.5, 0), (1.75, 0.5, 0), (2.5, 1.25, 0)],
            Part::Chorus => {
                &[(0.0, 0.5, 0), (0.5, 0.5, 0), (1.0, 0.4, 0), (1.5, 0.5, 12), (2.0, 0.5, 0), (2.5, 0.5, 0), (3.0, 0.4, 7), (3.5, 0.5, 0)]
            }
        };
        for (beat, beats, above) in pattern {
            let hz = pitch_hz((chord.root + above) as f32);
            let length = (beats * BEAT_FRAMES as f32) as usize;
            let gain = 0.62 * human.around_one(0.18);
            bass_note(&mut stem[0], frame_at(bar, *beat), length, hz, gain);
        }
    }
    stem
}

fn bass_note(stem: &mut [f32], start: usize, length: usize, hz: f32, gain: f32) {
    let (mut low, mut edge) = (Phase::default(), Phase::default());
    let mut filter = Filter::new(320.0, 0.9);
    let mut pluck = Decay::new(0.5);
    let release = frames_of_ms(40);
    let sound: Vec<f32> = (0..length + release)
        .map(|frame| {
            if frame % 32 == 0 {
                filter.tune(180.0 + 900.0 * pluck.next(), 0.9);
                (0..31).for_each(|_| {
                    pluck.next();
                });
            }
            let tone = 0.6 * saw(edge.advance(hz), hz) + 0.55 * sine(low.advance(hz));
            filter.process(tone).low * held(frame, frames_of_ms(4), length, release)
        })
        .collect();
    add_at(stem, start, &sound, gain);
}

/// Electric piano: two-operator frequency modulation, broad in the low middle.
pub fn piano() -> Stem {
    let mut stem = stereo();
    let mut human = Noise::new(71);
    for bar in 0..BARS {
        let beats: &[(f32, f32)] = match part_of(bar) {
            Part::Intro => &[(0.0, 3.8)],
            Part::Verse => &[(0.0, 1.4), (1.5, 2.3)],
            Part::Chorus => &[(0.0, 0.9), (1.0, 0.4), (1.5, 0.9), (2.5, 1.4)],
        };
        for (beat, beats) in beats {
            for (voice, pitch) in chord_of(bar).notes.iter().enumerate() {
                let place = voice as f32 / 3.0;
                let sound = piano_note(pitch_hz(*pitch as f32), (beats * BEAT_FRAMES as f32) as usize);
                let start = frame_at(bar, *beat) + voice * 90;
                let gain = 0.15 * human.around_one(0.15);
                add_at(&mut stem[0], start, &sound, gain * (1.0 - 0.5 * place));
                add_at(&mut stem[1], start, &sound, gain * (0.5 + 0.5 * place));
            }
        }
    }
    stem
}

fn piano_note(hz: f32, length: usize) -> Vec<f32> {
    let (mut carrier, mut modulator) = (Phase::default(), Phase::default());
    let (mut level, mut bell) = (Decay::new(3.5), Decay::new(0.7));
    let mut body = Filter::new(290.0, 0.8);
    let release = frames_of_ms(150);
    (0..length + release)
        .map(|frame| {
            let bend = 0.32 * bell.next() * sine(modulator.advance(hz * 2.0));
            let tone = sine(carrier.advance(hz) + bend) * level.next() * held(frame, frames_of_ms(3), length, release);
            tone + 0.8 * body.process(tone).band
        })
        .collect()
}

/// Guitar: plucked strings (Karplus and Strong 1983), broken chords on one side.
pub fn guitar() -> Stem {
    let mut stem = mono();
    let mut noise = Noise::new(81);
    for bar in 4..BARS {
        let notes = chord_of(bar).notes;
        let order = [0, 2, 1, 3, 2, 1, 3, 2];
        for (step, voice) in order.into_iter().enumerate() {
            let sound = string(pitch_hz(notes[voice] as f32), frames_of_ms(900), &mut noise);
            let accent = if step % 4 == 0 { 0.5 } else { 0.34 };
            add_at(&mut stem[0], frame_at(bar, step as f32 * 0.5), &sound, accent * noise.around_one(0.2));
        }
    }
    stem
}

fn string(hz: f32, length: usize, noise: &mut Noise) -> Vec<f32> {
    let period = (super::score::RATE_HZ as f32 / hz) as usize;
    let mut line: Vec<f32> = (0..period.max(2)).map(|_| noise.next()).collect();
    let mut last = 0.0;
    let mut place = 0;
    (0..length)
        .map(|frame| {
            let sample = line[place];
            line[place] = 0.497 * (sample + last);
            last = sample;
            place = (place + 1) % line.len();
            sample * held(frame, 1, length - length / 4, length / 4)
        })
        .collect()
}

/// Pad: three detuned saws a note, slow, wide, with too much between 200 and 400 Hz.
pub fn pad() -> Stem {
    let mut stem = stereo();
    for bar in (0..BARS).filter(|bar| part_of(*bar) != Part::Verse || bar % 2 == 0) {
        let bars = if part_of(bar) == Part::Verse { 2 } else { 1 };
        let length = bars * BAR_FRAMES - frames_of_ms(300);
        for (side, channel) in stem.iter_mut().enumerate() {
            let sound = pad_chord(&chord_of(bar).notes, length, side);
            add_at(channel, frame_at(bar, 0.0), &sound, 0.11);
        }
    }
    stem
}

fn pad_chord(notes: &[u8; 4], length: usize, side: usize) -> Vec<f32> {
    let detune = [-0.11, 0.02, 0.09];
    let mut voices: Vec<(Phase, f32)> = notes
        .iter()
        .flat_map(|pitch| detune.map(|cents| pitch_hz(*pitch as f32 - 12.0 + if side == 0 { cents } else { -cents * 1.2 })))
        .enumerate()
        .map(|(index, hz)| (Phase((index as f32 * 0.37 + side as f32 * 0.21) % 1.0), hz))
        .collect();
    let mut filter = Filter::new(520.0, 0.8);
    let release = frames_of_ms(700);
    (0..length + release)
        .map(|frame| {
            let sum: f32 = voices.iter_mut().map(|(phase, hz)| saw(phase.advance(*hz), *hz)).sum();
            filter.process(sum).low * held(frame, frames_of_ms(450), length, release)
        })
        .collect()
}

/// Lead: a bright saw over octaves, played unevenly.
pub fn lead() -> Stem {
    let mut stem = mono();
    for bar in [0, 24, 28] {
        for note in LEAD {
            let hz = pitch_hz(note.pitch as f32);
            let length = (note.beats * BEAT_FRAMES as f32) as usize;
            let (mut one, mut two, mut wobble) = (Phase::default(), Phase(0.3), Phase::default());
            let mut filter = Filter::new(900.0 + 3200.0 * note.velocity, 1.4);
            let release = frames_of_ms(120);
            let sound: Vec<f32> = (0..length + release)
                .map(|frame| {
                    let bent = hz * (1.0 + 0.004 * sine(wobble.advance(5.3)) * (frame as f32 / length as f32).min(1.0));
                    let tone = saw(one.advance(bent), bent) + 0.7 * saw(two.advance(bent * 1.006), bent);
                    filter.process(tone).low * held(frame, frames_of_ms(8), length, release)
                })
                .collect();
            add_at(&mut stem[0], frame_at(bar, note.beat), &sound, 0.34 * note.velocity);
        }
    }
    stem
}
