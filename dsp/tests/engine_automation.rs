//! Lanes are read at each node's own position: what a player gave out at a frame meets that frame's value, however late the node is and
//! across loop seams. The expected gains are computed by brute force from the definition of the grid.

mod engine_support;

use dsp::engine::{AUTOMATION_GRID_FRAMES, BLOCK_FRAMES, STRIP_PARAMS, send_param, strip_param};
use dsp::params::ParamSpec;
use dsp::protocol::{Address, Command, InsertId, LanePoint, Piece, Segment, SendId, StripId, StripKind};
use dsp::units::db_to_gain;
use engine_support::*;

type Points<'a> = &'a [(u64, f32, Segment)];

/// A lane's value by its definition.
fn lane_value(spec: &ParamSpec, points: Points<'_>, position: i64) -> f32 {
    let before = points.iter().rposition(|point| point.0 as i64 <= position);
    let Some(at) = before else { return points[0].1 };
    let Some(next) = points.get(at + 1) else { return points[at].1 };
    let (frame, value, segment) = points[at];
    let x = (position - frame as i64) as f64 / (next.0 - frame) as f64;
    let x = match segment {
        Segment::Hold => return value,
        Segment::Linear => x,
        Segment::Curve(bend) => libm::pow(x, libm::pow(2.0, 4.0 * f64::from(bend))),
    };
    let (from, to) = (f64::from(spec.to_position(value)), f64::from(spec.to_position(next.1)));
    if x == 0.0 { value } else { spec.from_position((from + (to - from) * x) as f32) }
}

/// The timeline frame of each frame that the players give out, unrolled over the loop's turns; negative indices lie before the play.
struct Walk {
    start: i64,
    turn: Option<(i64, i64)>,
}

impl Walk {
    fn position(&self, frame: i64) -> i64 {
        let straight = self.start + frame;
        match self.turn {
            Some((from, to)) if straight >= to => from + (straight - to) % (to - from),
            _ => straight,
        }
    }
}

/// The gain at each frame of a node that is late by `latency`: straight from grain to grain, a grain ending at blocks, seams and grid lines.
fn gains(walk: &Walk, latency: i64, frames: i64, gain_at: impl Fn(i64) -> f32) -> Vec<f32> {
    let position = |frame: i64| walk.position(frame - latency);
    let mut gains = Vec::new();
    let mut last = gain_at(position(0) - 1);
    let mut from = 0;
    while from < frames {
        let mut to = from + 1;
        let ends = |at: i64| {
            at % BLOCK_FRAMES as i64 == 0
                || position(at) != position(at - 1) + 1
                || position(at).rem_euclid(AUTOMATION_GRID_FRAMES as i64) == 0
        };
        while !ends(to) {
            to += 1;
        }
        let next = gain_at(position(to - 1));
        gains.extend((from..to).map(|at| last + (next - last) * (at - from + 1) as f32 / (to - from) as f32));
        (last, from) = (next, to);
    }
    gains.truncate(frames as usize);
    gains
}

fn assert_gains(tap: &[[f32; 2]], source: impl Fn(usize) -> f32, gains: &[f32]) {
    for (at, heard) in tap.iter().enumerate() {
        let expected = source(at) * gains[at];
        assert!((heard[0] - expected).abs() < 2e-6, "frame {at}: {} against {expected}", heard[0]);
    }
}

const VOLUME_POINTS: Points<'static> = &[
    (900, 0.0, Segment::Linear),
    (1500, -30.0, Segment::Linear),
    (2100, 3.0, Segment::Curve(0.4)),
    (2600, -12.0, Segment::Hold),
    (2807, -3.0, Segment::Linear),
    (3900, -60.0, Segment::Curve(-0.7)),
    (4100, 0.0, Segment::Linear),
];

fn volume_gain(position: i64) -> f32 {
    db_to_gain(f64::from(lane_value(&STRIP_PARAMS[strip_param::VOLUME], VOLUME_POINTS, position))) as f32
}

fn automated_studio(latency: u32) -> Studio {
    let mut studio = Studio::new(vec![constant(0.5)]);
    if latency > 0 {
        studio.insert(1, 1, processors::LATE, &[latency as f32]);
    }
    studio.lane(strip_param(1, strip_param::VOLUME), VOLUME_POINTS);
    studio
}

#[test]
fn a_fader_behind_a_late_insert_moves_on_its_frame_across_loop_seams() {
    for latency in [0, 1, 333, 2000] {
        let mut studio = automated_studio(latency);
        studio.feeder.turn = Some((1003, 4001));
        let tap = studio.play_and_render(1, 2005, 20_000);
        let walk = Walk { start: 2005, turn: Some((1003, 4001)) };
        let gains = gains(&walk, i64::from(latency), 20_000, volume_gain);
        assert_gains(&tap, |at| if at < latency as usize { 0.0 } else { 0.5 }, &gains);
    }
}

#[test]
fn a_send_and_an_insert_read_their_lanes_at_their_own_positions() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.add(50, StripKind::Return);
    studio.insert(1, 1, processors::LATE, &[700.0]);
    studio.insert(1, 2, processors::FACTOR, &[1.0]);
    studio.send(1, 1, 50, true, 0.0);
    studio.set(1, strip_param::VOLUME, -144.0);
    let level: Points<'_> = &[(0, -20.0, Segment::Linear), (3000, 0.0, Segment::Linear), (5000, -6.0, Segment::Hold)];
    let factor: Points<'_> = &[(1000, 0.2, Segment::Linear), (3500, 1.9, Segment::Linear)];
    studio.lane(Address::Send(SendId(1), send_param::LEVEL as u16), level);
    studio.lane(Address::Insert(InsertId(2), 0), factor);
    let tap = studio.play_and_render(1, 11, 8000);
    let walk = Walk { start: 11, turn: None };
    let level_spec = &dsp::engine::SEND_PARAMS[send_param::LEVEL];
    let factor_spec = ParamSpec::new("factor", "", dsp::params::Unit::Plain, 0.0, 2.0, 1.0, "");
    let sends = gains(&walk, 700, 8000, |position| db_to_gain(f64::from(lane_value(level_spec, level, position))) as f32);
    let factors = gains(&walk, 700, 8000, |position| lane_value(&factor_spec, factor, position));
    let both: Vec<f32> = sends.iter().zip(&factors).map(|(send, factor)| send * factor).collect();
    assert_gains(&tap, |at| if at < 700 { 0.0 } else { 0.5 }, &both);
}

#[test]
fn a_lane_that_is_off_leaves_its_parameter_alone() {
    let mut studio = automated_studio(0);
    studio.set(1, strip_param::VOLUME, -20.0);
    studio.apply(Command::EnableLane { address: strip_param(1, strip_param::VOLUME), enabled: false });
    assert!(studio.play_and_render(1, 2000, 2000).iter().all(|frame| (frame[0] - 0.05).abs() < 1e-7));
    studio.apply(Command::EnableLane { address: strip_param(1, strip_param::VOLUME), enabled: true });
    studio.stop();
    let tap = studio.play_and_render(2, 2000, 2000);
    assert_gains(&tap, |_| 0.5, &gains(&Walk { start: 2000, turn: None }, 0, 2000, volume_gain));
}

#[test]
fn an_automated_mute_closes_on_its_frame_and_fades() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.lane(strip_param(1, strip_param::MUTE), &[(0, 0.0, Segment::Hold), (1600, 1.0, Segment::Hold)]);
    let tap = studio.play_and_render(1, 0, 3000);
    assert!(tap[..1600].iter().all(|frame| *frame == [0.5; 2]));
    assert!(tap[1601][0] < 0.5 && tap[1700][0] > 0.0);
    assert!(tap[2100..].iter().all(|frame| *frame == [0.0; 2]));
    assert!(largest_step(&tap) < 0.002);
}

#[test]
fn a_thousand_turns_of_noise_with_an_echo_and_a_moving_fader_are_right_frame_for_frame() {
    const FRAMES: usize = 1000 * 1500;
    let (from, to) = (5003, 6503);
    let mut studio = Studio::new(vec![noise(7), noise(8)]);
    studio.insert(1, 1, processors::ECHO, &[]);
    studio.insert(2, 2, processors::LATE, &[100.0]);
    studio.lane(strip_param(2, strip_param::VOLUME), &[(5003, -40.0, Segment::Linear), (6400, 6.0, Segment::Linear)]);
    studio.feeder.turn = Some((from, to));
    let tap = studio.play_and_render(1, from, FRAMES);

    let walk = Walk { start: from as i64, turn: Some((from as i64, to as i64)) };
    let spec = &STRIP_PARAMS[strip_param::VOLUME];
    let points: Points<'_> = &[(5003, -40.0, Segment::Linear), (6400, 6.0, Segment::Linear)];
    let gains = gains(&walk, 100, FRAMES as i64, |position| db_to_gain(f64::from(lane_value(spec, points, position))) as f32);
    let mut echo = vec![0.0_f32; FRAMES];
    for at in 0..FRAMES {
        echo[at] = noise(7)(walk.position(at as i64) as u64)[0] + if at < 1000 { 0.0 } else { 0.5 * echo[at - 1000] };
        let source = |at: usize| if at < 100 { [0.0; 2] } else { [echo[at - 100], noise(8)(walk.position(at as i64 - 100) as u64)[0]] };
        let [echoed, faded] = source(at);
        let expected = echoed + faded * gains[at];
        assert!((tap[at][0] - expected).abs() < 2e-6, "frame {at}: {} against {expected}", tap[at][0]);
    }
}

#[test]
fn a_loop_of_noise_alone_has_the_bits_of_its_source_at_every_turn() {
    let mut studio = Studio::new(vec![noise(7)]);
    studio.feeder.turn = Some((777, 777 + 1025));
    let tap = studio.play_and_render(1, 1000, 200_000);
    let walk = Walk { start: 1000, turn: Some((777, 777 + 1025)) };
    let expected: Vec<[f32; 2]> = (0..200_000).map(|at| noise(7)(walk.position(at) as u64)).collect();
    assert!(bits(&tap) == bits(&expected));
}

#[test]
fn a_hundred_thousand_points_and_twenty_inserts_arriving_while_playing_leave_no_gap() {
    let mut studio = Studio::new(vec![noise(1)]);
    let mut tap = studio.play_and_render(1, 0, 40 * BLOCK_FRAMES);
    let points: Vec<LanePoint> = (0..100_000).map(|at| LanePoint { frame: at * 7, value: 0.0, segment: Segment::Linear }).collect();
    let pieces: Vec<&[LanePoint]> = points.chunks(dsp::protocol::PIECE_ELEMENTS).collect();
    for (at, piece) in pieces.iter().enumerate() {
        let piece_of = Piece { first: at == 0, last: at + 1 == pieces.len(), total: 100_000 };
        let address = Address::Strip(StripId(1), strip_param::VOLUME as u16);
        studio.apply(Command::SetLane { address, piece: piece_of, points: piece.to_vec() });
        if at % 20 == 0 {
            studio.insert(1, at as u32 + 1, processors::FACTOR, &[1.0]);
        }
        studio.block(&mut tap);
    }
    tap.extend(studio.render(20_000));
    let expected: Vec<[f32; 2]> = (0..tap.len()).map(|at| noise(1)(at as u64)).collect();
    assert_eq!(pieces.len().div_ceil(20), 20);
    assert!(bits(&tap) == bits(&expected));
}
