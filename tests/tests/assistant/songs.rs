//! Real songs, where the machine has some (`HEADROOM_MATERIAL`, its folder `songs`): a stretch of each. Whole songs: `cargo xtask bench assist`.

use tests::kept::Kept;
use tests::masters::near;
use tests::material::{decoded, name, songs};
use tests::real::assisted;

/// Seconds of each song, and where they begin: long enough for gating and a limiter, short enough for every run.
const FROM_S: usize = 30;
const LENGTH_S: usize = 30;

#[test]
fn every_song_s_ledger_is_confirmed_reaches_its_target_brings_the_tone_nearer_and_is_the_same_twice() {
    for path in songs() {
        let name = name(&path);
        let (planes, rate_hz) = decoded(&path, FROM_S + LENGTH_S);
        let from = planes[0].len().saturating_sub(LENGTH_S * rate_hz as usize);
        let found = assisted(&mut Kept::stereo(planes.map(|plane| plane[from..].to_vec()), rate_hz), rate_hz);
        println!("{name}: {found}");
        let refuted: Vec<_> = found.confirmed.lines.iter().filter(|line| !line.is_confirmed()).collect();
        assert!(refuted.is_empty(), "{name}: {refuted:?}");
        near(found.confirmed.lufs, found.target_lufs, 0.1);
        assert!(found.confirmed.peak_dbtp <= found.peak_dbtp + 0.05, "{name}: {} dBTP", found.confirmed.peak_dbtp);
        assert!(found.is_nearer(), "{name}: {:?} dB", found.confirmed.tone_db);
        assert!(found.is_same_twice, "{name}");
    }
}
