//! The feeder against a reader that knows the song frame by frame.

use dsp::engine::BLOCK_FRAMES;
use dsp::protocol::feed::{CHANGE_OVER, LANE_0, MIN_LOOP_FRAMES, OLD_IN_LANE_1, REFEED_MARGIN_BLOCKS, words_for};
use dsp::protocol::{LocalWords, SharedWords, StripId};

use super::reader::{BLOCK, Numbers, Play, SLOTS, TRACKS, check_frame, check_positions, expected};
use super::{FeedError, FeedPlan, Feeder, Placement, RUN_FRAMES, TrackPlan, format};
use crate::compile::{Purpose, revision};
use crate::edit::Edit;
use crate::model::{Clip, Cycle, Range, SourceId};
use crate::testing::{Chance, clip};

#[test]
fn a_song_is_fed_frame_for_frame_over_many_wraps_of_the_ring() {
    let mut play = Play::new();
    play.start(11, None);
    let mut position = 11;
    while position < 80_000 {
        play.fill(7);
        while let Some(block) = play.read() {
            check_positions(&block.header(), &mut position, None);
            play.check(&block);
        }
    }
}

#[test]
fn a_loop_turns_back_on_its_frame_wherever_the_seam_falls_in_a_block() {
    for (start, end) in [(1000, 1000 + MIN_LOOP_FRAMES), (24_000, 31_337), (64, 64 + 20 * BLOCK), (25_000, 45_001)] {
        let mut play = Play::new();
        play.set_cycle(start, end);
        play.start(start.saturating_sub(500), None);
        let mut position = start.saturating_sub(500);
        for _ in 0..1000 {
            play.fill(3);
            while let Some(block) = play.read() {
                check_positions(&block.header(), &mut position, Some(Range { start, end }));
                play.check(&block);
            }
        }
        assert!((start..end).contains(&position));
    }
}

#[test]
fn a_play_that_starts_behind_the_loop_goes_on_straight() {
    for start in [10_000, 12_000] {
        let mut play = Play::new();
        play.set_cycle(4_000, 10_000);
        play.start(start, None);
        play.fill(4);
        let mut position = start;
        while let Some(block) = play.read() {
            check_positions(&block.header(), &mut position, None);
        }
        assert_eq!(position, start + 4 * BLOCK);
    }
}

#[test]
fn a_render_ends_on_its_frame_and_ignores_the_loop() {
    for end in [5000, 5000 + BLOCK, 5000 + 3 * BLOCK + 1, 29_999] {
        let mut play = Play::new();
        play.set_cycle(5100, 7000);
        play.start(5000, Some(end));
        let mut frames = 0;
        loop {
            let filled = play.fill(5);
            let mut last = false;
            while let Some(block) = play.read() {
                frames += u64::from(block.header().frames);
                last = block.header().is_last;
                play.check(&block);
            }
            if last {
                assert!(filled.finished);
                break;
            }
        }
        assert_eq!(frames, end - 5000);
        assert_eq!(play.fill(5).written, 0);
    }
}

#[test]
fn the_feeder_waits_for_the_reader_and_says_how_much_room_there_is() {
    let mut play = Play::new();
    play.start(0, None);
    let filled = play.fill(100);
    assert_eq!((filled.written, filled.room_left), (SLOTS as u32, 0));
    play.read();
    play.read();
    assert_eq!(play.fill(0).room_left, 2);
    assert_eq!((play.fill(1).written, play.fill(5).written, play.fill(5).written), (1, 1, 0));
}

#[test]
fn a_seek_is_a_new_generation_from_its_first_block() {
    let mut play = Play::new();
    play.start(0, None);
    play.fill(SLOTS as u32);
    for _ in 0..5 {
        play.read();
    }
    play.start(40_000, None);
    let filled = play.fill(100);
    assert_eq!(filled.written, SLOTS as u32, "a reader of the old generation holds nothing up");
    let mut position = 40_000;
    for _ in 0..40 {
        let block = play.read().expect("a block of the new generation");
        check_positions(&block.header(), &mut position, None);
        play.check(&block);
        play.fill(1);
    }
}

#[test]
fn a_moved_clip_is_refed_from_the_margin_under_a_change_over() {
    let mut play = Play::new();
    play.start(1000, None);
    play.fill(SLOTS as u32);
    play.read();
    let old = play.clips(0);
    let moved = Clip { offset: 5000, length: 20_000, ..old[0].clone() };
    play.edit(Edit::SetClip { song: play.song, strip: play.strip(0), clip: moved });
    play.fill(100);
    let change = 1 + REFEED_MARGIN_BLOCKS;
    for sequence in 1..SLOTS as u32 + 1 {
        let block = play.peek(sequence).expect("a whole block");
        let (_, header) = block.track(play.strip(0)).expect("the track");
        assert_eq!(header.flags & CHANGE_OVER != 0, sequence == change, "block {sequence}");
        for at in 0..BLOCK_FRAMES {
            let position = 1000 + u64::from(sequence) * BLOCK + at as u64;
            let frame = block.frame(play.strip(0), at);
            if sequence < change {
                check_frame(frame, expected(&old, position), (sequence, position));
            } else if sequence > change {
                check_frame(frame, expected(&play.clips(0), position), (sequence, position));
            } else {
                assert_eq!((header.old_revision, header.revision), (revision(&old), revision(&play.clips(0))));
                let (old_lane, new_lane) = if header.flags & OLD_IN_LANE_1 != 0 { (1, 0) } else { (0, 1) };
                assert_eq!(frame[old_lane], expected(&old, position)[0]);
                assert_eq!(frame[new_lane], expected(&play.clips(0), position)[0]);
            }
        }
        let (_, other) = block.track(play.strip(1)).expect("another track");
        assert_eq!(other.revision, revision(&play.clips(1)));
    }
}

#[test]
fn an_edit_elsewhere_on_the_track_fades_nothing() {
    let mut play = Play::new();
    play.start(1000, None);
    play.fill(SLOTS as u32);
    play.read();
    let later = Clip { start: 60_000, ..play.clips(0)[1].clone() };
    play.edit(Edit::SetClip { song: play.song, strip: play.strip(0), clip: later });
    play.fill(100);
    for sequence in 1 + REFEED_MARGIN_BLOCKS..SLOTS as u32 {
        play.check(&play.peek(sequence).expect("a whole block"));
    }
}

#[test]
fn an_edit_before_the_reader_begins_reaches_the_first_block() {
    let mut play = Play::new();
    play.start(1000, None);
    play.fill(SLOTS as u32);
    let moved = Clip { offset: 5000, length: 20_000, ..play.clips(0)[0].clone() };
    play.edit(Edit::SetClip { song: play.song, strip: play.strip(0), clip: moved });
    play.fill(100);
    for sequence in 0..SLOTS as u32 {
        play.check(&play.peek(sequence).expect("a whole block"));
    }
}

#[test]
fn where_two_old_clips_sound_at_once_the_block_just_changes() {
    let mut play = Play::new();
    play.start(25_600, None);
    play.fill(SLOTS as u32);
    play.read();
    let clips = play.clips(0);
    play.edit(Edit::RemoveClip { song: play.song, strip: play.strip(0), clip: clips[1].id });
    play.fill(100);
    for sequence in 1 + REFEED_MARGIN_BLOCKS..SLOTS as u32 {
        play.check(&play.peek(sequence).expect("a whole block"));
    }
}

#[test]
fn a_new_loop_takes_effect_from_the_margin_without_a_jump() {
    let mut play = Play::new();
    play.start(8000, None);
    play.fill(SLOTS as u32);
    play.read();
    play.set_cycle(6000, 9000);
    let mut position = 8000 + BLOCK;
    let mut turned = false;
    for _ in 0..60 {
        play.fill(100);
        let block = play.read().expect("a block");
        check_positions(&block.header(), &mut position, Some(Range { start: 6000, end: 9000 }));
        play.check(&block);
        turned |= block.header().start == 6000 || block.header().jump_to == 6000;
    }
    assert!(turned);
    play.edit(Edit::SetCycle { song: play.song, cycle: Cycle::default() });
    for _ in 0..60 {
        play.fill(100);
        let block = play.read().expect("a block");
        play.check(&block);
    }
    assert!(position < 9000);
    let header = play.peek(play.sequence - 1).expect("the last block").header();
    assert!(header.start > 9000, "the loop that is off still turns: {header:?}");
}

#[test]
fn random_edits_while_reading_end_in_what_the_document_says() {
    for seed in 0..6 {
        let mut chance = Chance::new(seed);
        let mut play = Play::new();
        play.start(500, None);
        let mut changes = 0;
        for _ in 0..400 {
            if chance.below(4) == 0 {
                random_change(&mut play, &mut chance);
            }
            play.fill(chance.below(12) as u32);
            for _ in 0..chance.below(4) {
                changes += play
                    .read()
                    .map_or(0, |block| u32::from(block.track(play.strip(0)).is_some_and(|(_, track)| track.flags & CHANGE_OVER != 0)));
            }
        }
        play.fill(1000);
        let settled = play.sequence + REFEED_MARGIN_BLOCKS + 1;
        let mut position = None;
        for sequence in settled..play.sequence + SLOTS as u32 {
            let block = play.peek(sequence).expect("a whole block");
            let header = block.header();
            let cycle = play.session.song(play.song).expect("the song").cycle_range();
            let mut at = position.unwrap_or(header.start);
            check_positions(&header, &mut at, cycle);
            position = Some(at);
            play.check(&block);
        }
        assert!(changes > 0, "no change-over was read with seed {seed}");
    }
}

fn random_change(play: &mut Play, chance: &mut Chance) {
    let (track, clips) = (chance.below(3) as usize, play.clips(0));
    let strip = play.strip(track);
    let edit = match chance.below(3) {
        0 => {
            let (start, length) = (chance.below(50_000), MIN_LOOP_FRAMES + chance.below(9000));
            let cycle = Cycle { enabled: chance.coin(), range: Some(Range { start, end: start + length }) };
            Edit::SetCycle { song: play.song, cycle }
        }
        1 if clips.len() > 1 => Edit::RemoveClip { song: play.song, strip: play.strip(0), clip: clips[0].id },
        _ => {
            let mut ids = play.session.ids();
            let source = SourceId(1 + chance.below(2) as u32);
            let new = clip(&mut ids, source, (chance.below(60_000), chance.below(50_000), 1 + chance.below(40_000)));
            Edit::AddClip { song: play.song, strip, clip: new }
        }
    };
    if play.session.apply(&edit).is_ok() {
        play.feeder.set_plan(FeedPlan::from_song(&play.session, play.session.song(play.song).expect("the song"), Purpose::Live));
    }
}

#[test]
fn a_mono_clip_that_meets_a_stereo_clip_in_a_block_fills_both_sides() {
    let mut play = Play::new();
    let clips = play.clips(0);
    let after = Clip { start: clips[0].end(), ..clips[1].clone() };
    play.edit(Edit::SetClip { song: play.song, strip: play.strip(0), clip: after });
    play.start(29_900, None);
    play.fill(4);
    let block = play.read().expect("the block with the seam");
    let (_, header) = block.track(play.strip(0)).expect("the track");
    assert_eq!(header.flags, LANE_0);
    play.check(&block);
}

#[test]
fn a_source_is_read_in_long_runs() {
    let mut play = Play::new();
    play.start(0, None);
    while play.sequence < 230 {
        play.fill(8);
        while play.read().is_some() {}
    }
    let short = play.source.reads.iter().filter(|frames| **frames < RUN_FRAMES).count();
    assert!(play.source.reads.len() < 30, "{} reads", play.source.reads.len());
    assert!(short <= 3, "only a clip's last run may be short: {:?}", play.source.reads);
}

#[test]
fn audio_that_cannot_be_read_leaves_no_half_block_and_is_tried_again() {
    let mut play = Play::new();
    play.start(0, None);
    play.source.broken = true;
    let error = play.feeder.fill(&play.words, &mut play.source, 4).expect_err("broken audio");
    assert_eq!(error.to_string(), "2.wav could not be read: the store is gone.");
    assert!(play.peek(0).is_none());
    play.source.broken = false;
    play.fill(4);
    play.check(&play.peek(0).expect("the block"));
}

#[test]
fn tracks_without_a_place_are_counted_and_the_rest_is_fed() {
    let placement = Placement { start: 0, length: 1000, offset: 0, source: SourceId(1), is_stereo: false };
    let track = |strip| TrackPlan { strip: StripId(strip), revision: 1, lanes: [vec![placement], Vec::new()] };
    let plan = FeedPlan { rate_hz: 48_000, cycle: None, tracks: (1..=6).map(track).collect(), sources: Vec::new() };
    let words = LocalWords::new(words_for(SLOTS, TRACKS));
    format(&words, SLOTS, TRACKS);
    let mut feeder = Feeder::new(plan);
    feeder.start(1, 0, None);
    let filled = feeder.fill(&words, &mut Numbers::default(), 2).expect("readable audio");
    assert_eq!((filled.unplaced, filled.written), (2, 2));
}

#[test]
fn words_that_are_no_ring_are_refused() {
    for words in [LocalWords::new(0), LocalWords::new(4096)] {
        let mut feeder = Feeder::new(FeedPlan::default());
        feeder.start(1, 0, None);
        assert_eq!(feeder.fill(&words, &mut Numbers::default(), 1), Err(FeedError::Ring));
    }
    let lying = LocalWords::new(words_for(SLOTS, TRACKS));
    format(&lying, SLOTS, TRACKS);
    lying.store(dsp::protocol::feed::SLOTS, 1 << 30);
    let mut feeder = Feeder::new(FeedPlan::default());
    assert_eq!(feeder.fill(&lying, &mut Numbers::default(), 1), Err(FeedError::Ring));
}

#[test]
fn a_plan_reaches_the_worker_unchanged() {
    let play = Play::new();
    let bytes = postcard::to_allocvec(play.feeder.plan()).expect("postcard");
    assert_eq!(postcard::from_bytes::<FeedPlan>(&bytes).as_ref(), Ok(play.feeder.plan()));
}
