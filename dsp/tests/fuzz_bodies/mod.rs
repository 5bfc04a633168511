//! What is fuzzed: functions of any bytes that must return. The targets in `fuzz/` and the seeded tests run the same ones.
#![allow(dead_code, reason = "each target uses its part")]

use dsp::engine::{Engine, EngineOptions};
use dsp::processors::{Key, MAX_FRAMES, Processor, SPECS, Stereo, build};
use dsp::protocol::ring::{ByteRing, HEADER_WORDS};
use dsp::protocol::{Command, Event, LocalWords, SharedWords};

const RATE_HZ: f64 = 48_000.0;
/// Most messages of one input: enough for any state, few enough for many inputs.
const MOST_MESSAGES: usize = 64;
/// Most changes of one storm.
const MOST_STEPS: usize = 256;
/// Data words of the ring that is filled with anything.
const RING_WORDS: usize = 64;

/// The input, read piece by piece; zeros behind its end.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    fn word(&mut self) -> u32 {
        let mut word = [0; 4];
        let taken = self.take(4);
        word[..taken.len()].copy_from_slice(taken);
        u32::from_le_bytes(word)
    }
}

/// Messages of any content, each as its length in two bytes and its bytes: what can be read is carried out, and the engine goes on.
pub fn messages(input: &[u8]) {
    let mut bytes = Bytes(input);
    let mut engine = Engine::new(RATE_HZ, EngineOptions { feed_tracks: 2, ..EngineOptions::default() });
    for _ in 0..MOST_MESSAGES {
        if bytes.0.is_empty() {
            return;
        }
        let length = usize::from(u16::from_le_bytes([bytes.byte(), bytes.byte()]));
        let message = bytes.take(length);
        let _ = postcard::from_bytes::<Event>(message);
        if let Ok(command) = postcard::from_bytes::<Command>(message) {
            let written = postcard::to_allocvec(&command).expect("what was read can be written");
            let again: Command = postcard::from_bytes(&written).expect("what was written can be read");
            assert_eq!(postcard::to_allocvec(&again).expect("and written"), written);
            engine.apply(command);
        }
        render(&mut engine, message);
    }
}

/// Feeds what is wanted with a block made of these bytes, and renders it.
fn render(engine: &mut Engine, seed: &[u8]) {
    if let Some((generation, sequence)) = engine.wanted_block() {
        let mut bytes = Bytes(seed);
        let input = engine.input_mut();
        for word in input.iter_mut() {
            if bytes.0.is_empty() {
                bytes = Bytes(seed);
            }
            *word = bytes.word();
        }
        (input[0], input[1]) = (generation, sequence);
        engine.block_arrived();
    }
    engine.render_block();
    let (left, right) = engine.output();
    assert!(left.iter().chain(right).all(|sample| sample.is_finite()));
    while engine.next_event().is_some() {}
    let _ = engine.telemetry_ready();
}

/// A ring whose words are anything: reading it ends, and what is written behind that comes out again.
pub fn ring(input: &[u8]) {
    let mut bytes = Bytes(input);
    let words = LocalWords::new(HEADER_WORDS + RING_WORDS);
    for at in 0..words.len() {
        words.store(at, bytes.word());
    }
    let ring = ByteRing::new(words);
    let mut message = Vec::new();
    for _ in 0..=RING_WORDS {
        if !ring.pop(&mut message) {
            break;
        }
        assert!(message.len() <= 4 * RING_WORDS);
    }
    while ring.pop(&mut message) {}
    let sent = [1, 2, 3];
    assert!(ring.push(&sent).is_ok() && ring.pop(&mut message) && message == sent);
}

/// One processor under any changes of any parameters, with any samples on both inputs.
pub fn storm(input: &[u8]) {
    let mut bytes = Bytes(input);
    let spec = SPECS[usize::from(bytes.byte()) % SPECS.len()];
    let mut processor = build(spec.id, RATE_HZ).expect("every declaration has its processor");
    for _ in 0..MOST_STEPS {
        if bytes.0.is_empty() {
            return;
        }
        match bytes.byte() % 8 {
            0 => processor.reset(),
            1..=4 => {
                let index = usize::from(bytes.byte()) % spec.params.len();
                let word = bytes.word();
                // Half of the values lie anywhere in the range, the others are any float at all.
                let value =
                    if word & 1 == 0 { spec.params[index].from_position(word as f32 / u32::MAX as f32) } else { f32::from_bits(word) };
                processor.set(index, spec.params[index].clamp(value));
            }
            _ => stretch(processor.as_mut(), &mut bytes),
        }
    }
}

fn stretch(processor: &mut dyn Processor, bytes: &mut Bytes<'_>) {
    let frames = usize::from(u16::from_le_bytes([bytes.byte(), bytes.byte()])) % (MAX_FRAMES + 1);
    let (anything, mut state) = (bytes.word(), bytes.word() | 1);
    let mut sample = |at: usize| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        if at == anything as usize % MAX_FRAMES { f32::from_bits(anything) } else { (state >> 8) as f32 / (1 << 23) as f32 - 1.0 }
    };
    let mut side = || -> Vec<f32> { (0..frames).map(&mut sample).collect() };
    let (mut left, mut right, key_left, key_right) = (side(), side(), side(), side());
    let key = Key { left: &key_left, right: &key_right };
    processor.process(Stereo { left: &mut left, right: &mut right }, (anything & 2 == 0).then_some(key));
    assert!(left.iter().chain(&right).all(|sample| sample.is_finite()), "{}", processor.spec().id);
    assert!(processor.take_reduction_db() <= 0.0, "{}", processor.spec().id);
    assert!(processor.tail_frames() <= 61 * RATE_HZ as usize, "{}", processor.spec().id);
}
