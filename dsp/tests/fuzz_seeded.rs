//! The fuzz targets' bodies over seeded inputs: true messages with some of their bytes changed, and plain noise.

mod fuzz_bodies;
mod support;

use dsp::processors::SPECS;
use dsp::protocol::*;
use support::Noise;

fn below(noise: &mut Noise, bound: u32) -> u32 {
    (noise.unit() * bound as f32) as u32
}

fn noise_bytes(noise: &mut Noise, count: usize) -> Vec<u8> {
    (0..count).map(|_| below(noise, 256) as u8).collect()
}

fn values(noise: &mut Noise) -> Vec<f32> {
    (0..below(noise, 40)).map(|_| 200.0 * noise.sample()).collect()
}

/// Any command with small numbers, so that commands meet each other's strips.
fn command(noise: &mut Noise) -> Command {
    let (strip, insert, send) = (StripId(below(noise, 5)), InsertId(below(noise, 5)), SendId(below(noise, 4)));
    let key = (below(noise, 2) == 0).then_some(StripId(below(noise, 5)));
    let value = 200.0 * noise.sample();
    let address = match below(noise, 3) {
        0 => Address::Strip(strip, below(noise, 12) as u16),
        1 => Address::Insert(insert, below(noise, 20) as u16),
        _ => Address::Send(send, below(noise, 3) as u16),
    };
    let kind = [StripKind::Audio, StripKind::Group, StripKind::Return, StripKind::Master][below(noise, 4) as usize];
    let piece = Piece { first: below(noise, 4) > 0, last: below(noise, 4) > 0, total: below(noise, 9) };
    let is_on = below(noise, 2) == 0;
    match below(noise, 20) {
        0..=2 => Command::AddStrip { strip, kind },
        3 => Command::RemoveStrip { strip },
        4 => Command::SetOutput { strip, to: key },
        5..=6 => Command::PutInsert {
            strip,
            insert,
            processor: SPECS[below(noise, SPECS.len() as u32) as usize].id.into(),
            place: below(noise, 4) as u16,
            bypassed: is_on,
            key,
            values: values(noise),
        },
        7 => Command::MoveInsert { insert, place: below(noise, 5) as u16 },
        8 => Command::RemoveInsert { insert },
        9 => Command::SetBypass { insert, bypassed: is_on },
        10 => Command::SetKey { insert, key },
        11 => Command::PutSend { strip, send, to: StripId(below(noise, 5)), pre: is_on, values: values(noise) },
        12 => Command::RemoveSend { send },
        13 => Command::SetParam { address, value },
        14 => {
            let clip = ClipPlay {
                start: u64::from(below(noise, 4_000)),
                length: 1 + u64::from(below(noise, 4_000)),
                lane: below(noise, 2) as u8,
                gain: value,
                fade_in: below(noise, 300),
                fade_out: below(noise, 300),
                fade_in_curve: FadeCurve::Smooth,
                fade_out_curve: FadeCurve::EqualPower,
            };
            Command::SetClips { strip, revision: below(noise, 3), piece, clips: vec![clip; below(noise, 3) as usize] }
        }
        15 => {
            let point = LanePoint { frame: u64::from(below(noise, 3_000)), value, segment: Segment::Curve(noise.sample()) };
            Command::SetLane { address, piece, points: vec![point; below(noise, 4) as usize] }
        }
        16 => Command::EnableLane { address, enabled: is_on },
        17 => Command::Play { generation: below(noise, 3) },
        18 => [Command::Stop, Command::Locate { frame: u64::from(below(noise, 5_000)) }][below(noise, 2) as usize].clone(),
        _ => [
            Command::SetMonitor { index: below(noise, 14) as u16, value },
            Command::Compare {
                insert,
                listen: [None, Some(Listen::Through), Some(Listen::Around), Some(Listen::Change)][below(noise, 4) as usize],
            },
            Command::ResetMeters,
            Command::ResetPeak { strip },
        ][below(noise, 4) as usize]
            .clone(),
    }
}

/// As the body reads it: the length, then the bytes.
fn append(input: &mut Vec<u8>, message: &[u8]) {
    input.extend_from_slice(&(message.len() as u16).to_le_bytes());
    input.extend_from_slice(message);
}

#[test]
fn frames_at_the_end_of_all_numbers_are_brought_into_the_timeline() {
    let limiter = Command::PutInsert {
        strip: StripId(1),
        insert: InsertId(1),
        processor: "limiter".into(),
        place: 0,
        bypassed: false,
        key: None,
        values: vec![],
    };
    let mut input = Vec::new();
    for command in [
        Command::AddStrip { strip: StripId(1), kind: StripKind::Audio },
        Command::AddStrip { strip: StripId(9), kind: StripKind::Master },
        limiter,
        Command::Locate { frame: 1 << 63 },
    ] {
        append(&mut input, &postcard::to_allocvec(&command).expect("a command can be written"));
    }
    // A message is also what the block behind it is made of; bytes 8 to 15 are its first frame: here the least of all signed numbers.
    let mut play = postcard::to_allocvec(&Command::Play { generation: 1 }).expect("a command can be written");
    play.resize(64, 0);
    play[15] = 0x80;
    append(&mut input, &play);
    append(&mut input, &[0xFF; 64]);
    fuzz_bodies::messages(&input);
}

#[test]
fn messages_with_bytes_changed_never_stop_the_engine() {
    for seed in 0..400 {
        let mut noise = Noise::new(seed);
        let mut input = Vec::new();
        for _ in 0..48 {
            let mut message = postcard::to_allocvec(&command(&mut noise)).expect("a command can be written");
            if below(&mut noise, 3) == 0 {
                for _ in 0..=below(&mut noise, 3) {
                    let at = below(&mut noise, message.len() as u32) as usize;
                    message[at] = below(&mut noise, 256) as u8;
                }
            }
            if below(&mut noise, 16) == 0 {
                message = noise_bytes(&mut noise, 60);
            }
            append(&mut input, &message);
        }
        fuzz_bodies::messages(&input);
    }
}

#[test]
fn a_ring_full_of_anything_is_read_to_its_end() {
    for seed in 0..2_000 {
        let mut noise = Noise::new(seed);
        let mut input = noise_bytes(&mut noise, 4 * 80);
        if seed % 2 == 0 {
            // Counters that could be true, lengths that could be true.
            for (at, byte) in input.iter_mut().enumerate() {
                *byte = if at % 4 == 0 { *byte % 64 } else { 0 };
            }
        }
        fuzz_bodies::ring(&input);
    }
}

#[test]
fn storms_of_parameters_leave_every_processor_finite() {
    for (at, _) in SPECS.iter().enumerate() {
        for seed in 0..12 {
            let mut noise = Noise::new(1_000 + seed);
            let mut input = noise_bytes(&mut noise, 1_200);
            input[0] = at as u8;
            fuzz_bodies::storm(&input);
        }
    }
}
