//! Clips sound as a brute-force sum over all of them says, frame by frame.

mod engine_support;

use dsp::engine::BLOCK_FRAMES;
use dsp::protocol::{ClipPlay, Command, FadeCurve, StripId};
use engine_support::*;

fn clip(start: u64, length: u64, lane: u8, gain: f32) -> ClipPlay {
    ClipPlay { start, length, lane, gain, ..endless_clip() }
}

fn faded(clip: ClipPlay, into: (u32, FadeCurve), out: (u32, FadeCurve)) -> ClipPlay {
    ClipPlay { fade_in: into.0, fade_in_curve: into.1, fade_out: out.0, fade_out_curve: out.1, ..clip }
}

fn shape(curve: FadeCurve, x: f64) -> f64 {
    match curve {
        FadeCurve::Linear => x,
        FadeCurve::EqualPower => libm::sin(x * std::f64::consts::FRAC_PI_2),
        FadeCurve::Smooth => 3.0 * x * x - 2.0 * x * x * x,
    }
}

/// The gain of a clip at a frame, by its definition; 0 outside.
fn gain_at(clip: &ClipPlay, frame: u64) -> f64 {
    let end = clip.start + clip.length;
    if frame < clip.start || frame >= end {
        return 0.0;
    }
    let mut gain = f64::from(clip.gain);
    if clip.fade_in > 0 {
        let x = ((frame - clip.start) as f64 + 0.5) / f64::from(clip.fade_in);
        gain *= shape(clip.fade_in_curve, x.min(1.0));
    }
    if clip.fade_out > 0 {
        let x = ((end - frame) as f64 - 0.5) / f64::from(clip.fade_out);
        gain *= shape(clip.fade_out_curve, x.min(1.0));
    }
    gain
}

fn studio_with(clips: &[ClipPlay]) -> Studio {
    let mut studio = Studio::new(vec![noise(1)]);
    studio.feeder.tracks[0].lanes = [Some(noise(1)), Some(noise(2))];
    studio.apply(Command::SetClips { strip: StripId(1), revision: 1, piece: WHOLE, clips: clips.to_vec() });
    studio
}

#[test]
fn gains_fades_and_cross_fades_are_right_at_every_frame() {
    let clips = [
        faded(clip(101, 1500, 0, 0.7), (333, FadeCurve::EqualPower), (600, FadeCurve::Linear)),
        faded(clip(1001, 2003, 1, 1.3), (600, FadeCurve::Linear), (1, FadeCurve::Smooth)),
        clip(3004, 1, 0, 1.0),
        faded(clip(3005, 77, 1, 0.5), (77, FadeCurve::Smooth), (77, FadeCurve::EqualPower)),
        faded(clip(3500, 700, 0, -1.0), (400, FadeCurve::Smooth), (500, FadeCurve::EqualPower)),
    ];
    let tap = studio_with(&clips).play_and_render(1, 37, 5000);
    for (at, heard) in tap.iter().enumerate() {
        let frame = 37 + at as u64;
        let sides = noise(1)(frame).into_iter().zip(noise(2)(frame));
        for (heard, (lane_0, lane_1)) in heard.iter().zip(sides) {
            let lanes = [lane_0, lane_1];
            let expected: f64 = clips.iter().map(|clip| gain_at(clip, frame) * f64::from(lanes[usize::from(clip.lane)])).sum();
            assert!((f64::from(*heard) - expected).abs() < 3e-7, "frame {frame}: {heard} against {expected}");
        }
    }
}

#[test]
fn a_new_list_is_heard_from_the_first_block_of_its_revision() {
    let mut studio = studio_with(&[clip(0, 100_000, 0, 1.0)]);
    studio.play_and_render(1, 0, 10 * BLOCK_FRAMES);
    studio.apply(Command::SetClips { strip: StripId(1), revision: 2, piece: WHOLE, clips: vec![clip(0, 100_000, 0, 0.25)] });
    let old = studio.render(BLOCK_FRAMES);
    studio.feeder.tracks[0].revision = 2;
    let new = studio.render(10 * BLOCK_FRAMES);
    assert_eq!(old[5], noise(1)(10 * BLOCK_FRAMES as u64 + 5));
    for (at, heard) in new.iter().enumerate().skip(4 * BLOCK_FRAMES) {
        assert_eq!(*heard, noise(1)((11 * BLOCK_FRAMES + at) as u64).map(|sample| 0.25 * sample));
    }
}

#[test]
fn a_block_that_changes_over_cross_fades_from_the_old_list_to_the_new() {
    let mut studio = studio_with(&[clip(0, 100_000, 0, 1.0)]);
    studio.feeder.tracks[0].lanes = [Some(constant(0.5)), Some(constant(-0.25))];
    studio.play_and_render(1, 0, BLOCK_FRAMES);
    studio.apply(Command::SetClips { strip: StripId(1), revision: 2, piece: WHOLE, clips: vec![clip(0, 100_000, 0, 1.0)] });
    studio.feeder.tracks[0].revision = 2;
    studio.feeder.tracks[0].change_over = Some((1, 0));
    for (at, heard) in studio.render(BLOCK_FRAMES).iter().enumerate() {
        let course = (at as f32 + 0.5) / BLOCK_FRAMES as f32;
        let expected = 0.5 * (1.0 - course) - 0.25 * course;
        assert!((heard[0] - expected).abs() < 1e-6, "frame {at}: {} against {expected}", heard[0]);
    }
}

#[test]
fn a_list_in_pieces_is_in_force_when_it_is_complete() {
    let mut studio = studio_with(&[clip(0, 100_000, 0, 0.5)]);
    let piece = |first, last| dsp::protocol::Piece { first, last, total: 2 };
    let send = |studio: &mut Studio, piece, clips| studio.apply(Command::SetClips { strip: StripId(1), revision: 2, piece, clips });
    studio.feeder.tracks[0].revision = 2;
    send(&mut studio, piece(true, false), vec![clip(0, 100, 0, 1.0)]);
    assert_eq!(studio.play_and_render(1, 0, 200)[150], noise(1)(150).map(|sample| 0.5 * sample));
    send(&mut studio, piece(false, true), vec![clip(100, 100_000, 0, 0.75)]);
    assert_eq!(studio.play_and_render(2, 0, 200)[150], noise(1)(150).map(|sample| 0.75 * sample));
}
