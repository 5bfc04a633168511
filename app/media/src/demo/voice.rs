//! The demo's singers: a glottal saw through four moving formants, with vibrato, breath and consonants of noise.

use super::score::{BAR_FRAMES, BARS, BEAT_FRAMES, CHORUS_VOICE, Note, Part, VERSE_VOICE, frame_at, part_of, pitch_hz};
use super::synth::{Filter, Noise, Phase, frames_of_ms, held, saw, sine};
use super::{Stem, mono, stereo};

/// Formant frequencies of a, e, o, i (tenor; after Fant and the tables that vocal synthesis uses).
const VOWELS: [[f32; 4]; 4] =
    [[650.0, 1080.0, 2650.0, 2900.0], [420.0, 1700.0, 2600.0, 3200.0], [430.0, 800.0, 2600.0, 2830.0], [300.0, 1870.0, 2800.0, 3250.0]];
/// Levels of the formants.
const LEVELS: [f32; 4] = [1.0, 0.5, 0.28, 0.2];
/// Frames between two moves of the formants.
const FORMANT_STEP: usize = 64;

struct Singer {
    phase: Phase,
    vibrato: Phase,
    breath: Noise,
    formants: [Filter; 4],
    hiss: Filter,
    at: [f32; 4],
    hz: f32,
}

impl Singer {
    fn new(seed: u32) -> Self {
        Self {
            phase: Phase::default(),
            vibrato: Phase((seed % 7) as f32 / 7.0),
            breath: Noise::new(seed),
            formants: VOWELS[0].map(|hz| Filter::new(hz, 9.0)),
            hiss: Filter::new(6300.0, 0.8),
            at: VOWELS[0],
            hz: 220.0,
        }
    }

    /// Sings a note into the stem.
    fn sing(&mut self, stem: &mut [f32], start: usize, note: &Note, transpose: f32, gain: f32) {
        let length = (note.beats * BEAT_FRAMES as f32 * 0.94) as usize;
        let (attack, release) = (frames_of_ms(35), frames_of_ms(90));
        let goal_hz = pitch_hz(note.pitch as f32 + transpose);
        let vowel = VOWELS[note.vowel as usize % VOWELS.len()];
        for frame in 0..length + release {
            if frame % FORMANT_STEP == 0 {
                self.glide(&vowel, goal_hz);
            }
            let depth = 0.011 * (frame as f32 / frames_of_ms(500) as f32).min(1.0);
            let hz = self.hz * (1.0 + depth * sine(self.vibrato.advance(5.4)));
            let air = self.breath.next();
            let source = saw(self.phase.advance(hz), hz) + 0.06 * air;
            let mut sung = 0.06 * source;
            for (formant, level) in self.formants.iter_mut().zip(LEVELS) {
                sung += level * formant.process(source).band;
            }
            let consonant = if note.vowel % 2 == 1 {
                0.5 * self.hiss.process(air).high * (1.0 - frame as f32 / frames_of_ms(70) as f32).max(0.0)
            } else {
                0.0
            };
            if let Some(out) = stem.get_mut(start + frame) {
                *out += gain * note.velocity * (sung * held(frame, attack, length, release) + consonant);
            }
        }
    }

    fn glide(&mut self, vowel: &[f32; 4], goal_hz: f32) {
        self.hz += 0.12 * (goal_hz - self.hz);
        for ((formant, at), goal) in self.formants.iter_mut().zip(&mut self.at).zip(vowel) {
            *at += 0.05 * (goal - *at);
            formant.tune(*at, 8.0);
        }
    }
}

fn phrases() -> impl Iterator<Item = (usize, &'static [Note])> {
    (4..BARS).step_by(4).map(|bar| (bar, if part_of(bar) == Part::Chorus { CHORUS_VOICE } else { VERSE_VOICE }))
}

/// Lead voice: verses and choruses, unridden.
pub fn lead_voice() -> Stem {
    let mut stem = mono();
    let mut singer = Singer::new(91);
    for (bar, notes) in phrases() {
        for note in notes {
            singer.sing(&mut stem[0], frame_at(bar, note.beat), note, 0.0, 0.55);
        }
    }
    stem
}

/// Backing voices in the chorus: a third below on the left, a fifth below on the right, a little late.
pub fn backing_voices() -> Stem {
    let mut stem = stereo();
    for (side, transpose) in [-4.0, -7.0].into_iter().enumerate() {
        let mut singer = Singer::new(95 + side as u32);
        for (bar, notes) in phrases().filter(|(bar, _)| part_of(*bar) == Part::Chorus) {
            for note in notes.iter().filter(|note| note.beats >= 1.0) {
                singer.sing(&mut stem[side], frame_at(bar, note.beat) + frames_of_ms(18), note, transpose, 0.34);
            }
        }
    }
    stem
}

/// Effects: a rising noise into each chorus, a falling one out of it.
pub fn effects() -> Stem {
    let mut stem = stereo();
    for (side, channel) in stem.iter_mut().enumerate() {
        let mut noise = Noise::new(101 + side as u32);
        for bar in [10, 22] {
            sweep(channel, frame_at(bar, 0.0), 2 * BAR_FRAMES, true, &mut noise);
        }
        for bar in [12, 24] {
            sweep(channel, frame_at(bar, 0.0), BAR_FRAMES, false, &mut noise);
        }
    }
    stem
}

fn sweep(channel: &mut [f32], start: usize, length: usize, rises: bool, noise: &mut Noise) {
    let mut filter = Filter::new(400.0, 2.5);
    for frame in 0..length {
        let along = frame as f32 / length as f32;
        let place = if rises { along } else { 1.0 - along };
        if frame % FORMANT_STEP == 0 {
            filter.tune(300.0 * libm::exp2f(4.6 * place), 2.5);
        }
        if let Some(out) = channel.get_mut(start + frame) {
            *out += 0.4 * place * place * filter.process(noise.next()).band;
        }
    }
}
