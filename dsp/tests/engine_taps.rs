//! Audio for the eye: a tap carries what passes its point from when it is set until it is ended, and changes nothing of the sound.

mod engine_support;

use dsp::engine::host;
use dsp::protocol::taps::{self, TapReader};
use dsp::protocol::{Command, InsertId, LocalWords, StripId, TapPoint};
use engine_support::*;

const DOUBLED: u32 = 7;

fn studio() -> Studio {
    let mut studio = Studio::new(vec![noise(1), noise(2)]);
    studio.insert(1, DOUBLED, processors::FACTOR, &[2.0]);
    studio
}

fn tap(studio: &mut Studio, slot: u8, number: u32, point: Option<TapPoint>) {
    studio.apply(Command::SetTap { slot, number, point });
}

/// Renders blocks, leaves what is tapped in the ring, and gives the mix.
fn run(studio: &mut Studio, ring: &LocalWords, blocks: usize) -> Vec<[f32; 2]> {
    let mut mix = Vec::new();
    for _ in 0..blocks {
        studio.block(&mut mix);
        host::publish_taps(&studio.engine, ring);
    }
    mix
}

fn seen(reader: &mut TapReader, ring: &LocalWords) -> Vec<[f32; 2]> {
    let mut seen = Vec::new();
    reader.read(ring, |left, right| seen.extend(left.iter().zip(right).map(|(left, right)| [*left, *right])));
    seen
}

#[test]
fn taps_carry_what_passes_before_and_after_an_insert_and_what_leaves_the_master() {
    let (mut studio, ring) = (studio(), LocalWords::new(taps::total_words()));
    for (slot, point) in [TapPoint::BeforeInsert(InsertId(DOUBLED)), TapPoint::AfterInsert(InsertId(DOUBLED)), TapPoint::Strip(MASTER)]
        .into_iter()
        .enumerate()
    {
        tap(&mut studio, slot as u8, 10 + slot as u32, Some(point));
    }
    studio.play(1, 0);
    let mix = run(&mut studio, &ring, 40);
    let [before, after, master] = [0, 1, 2].map(|slot| seen(&mut TapReader::new(slot, 10 + slot as u32), &ring));
    let newest = mix.len().min(master.len());
    assert_eq!(bits(&master[master.len() - newest..]), bits(&mix[mix.len() - newest..]));
    assert_eq!(before.len(), after.len());
    let doubled: Vec<[f32; 2]> = before.iter().map(|frame| frame.map(|sample| 2.0 * sample)).collect();
    assert_eq!(bits(&after), bits(&doubled));
    assert!(peak_db(&before) > -20.0);
}

#[test]
fn a_reader_gets_each_frame_once_and_only_those_of_its_own_tap() {
    let (mut studio, ring) = (studio(), LocalWords::new(taps::total_words()));
    tap(&mut studio, 3, 1, Some(TapPoint::Strip(StripId(1))));
    studio.play(1, 0);
    let mut reader = TapReader::new(3, 1);
    let mut frames = Vec::new();
    for _ in 0..50 {
        run(&mut studio, &ring, 3);
        frames.extend(seen(&mut reader, &ring));
    }
    tap(&mut studio, 4, 2, Some(TapPoint::Strip(StripId(1))));
    studio.play(2, 0);
    run(&mut studio, &ring, 30);
    assert!(frames.windows(2).all(|pair| pair[0] != pair[1]), "noise does not repeat");
    tap(&mut studio, 3, 5, Some(TapPoint::Strip(StripId(2))));
    run(&mut studio, &ring, 2);
    assert_eq!(seen(&mut reader, &ring).len(), 0, "the slot is another's now");
    assert!(!seen(&mut TapReader::new(3, 5), &ring).is_empty());
    tap(&mut studio, 3, 5, None);
    let mut late = TapReader::new(3, 5);
    seen(&mut late, &ring);
    run(&mut studio, &ring, 5);
    assert_eq!(seen(&mut late, &ring).len(), 0, "an ended tap carries nothing");
}

#[test]
fn a_late_reader_loses_the_oldest_and_keeps_the_newest() {
    let (mut studio, ring) = (studio(), LocalWords::new(taps::total_words()));
    tap(&mut studio, 0, 1, Some(TapPoint::Strip(MASTER)));
    studio.play(1, 0);
    let mix = run(&mut studio, &ring, 3 * taps::RING_BLOCKS);
    let seen = seen(&mut TapReader::new(0, 1), &ring);
    assert_eq!(seen.len(), (taps::RING_BLOCKS - 1) * dsp::engine::BLOCK_FRAMES);
    assert_eq!(bits(&seen), bits(&mix[mix.len() - seen.len()..]));
}

#[test]
fn looking_changes_nothing_of_the_sound() {
    let (mut plain, mut tapped) = (studio(), studio());
    for slot in 0..taps::SLOTS {
        tap(&mut tapped, slot as u8, 1, Some(TapPoint::AfterInsert(InsertId(DOUBLED))));
    }
    tap(&mut tapped, 200, 1, Some(TapPoint::Strip(MASTER)));
    assert_eq!(bits(&plain.play_and_render(1, 0, 9_000)), bits(&tapped.play_and_render(1, 0, 9_000)));
}
