//! The assistant on whole real songs (`HEADROOM_MATERIAL`, its folder `songs`): how many reach the loudness, hold the true peak, come nearer to the
//! tone, have every line of their ledger confirmed by independent measurements, and the same ledger twice.

use tests::kept::Kept;
use tests::material;
use tests::real::assisted;

use crate::figure::Figure;

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let songs = material::songs();
    let mut right = 0;
    for path in &songs {
        let (planes, rate_hz) = material::decoded(path, usize::MAX);
        let found = assisted(&mut Kept::stereo(planes, rate_hz), rate_hz);
        println!("{:30} {found}", material::name(path));
        found.confirmed.lines.iter().filter(|line| !line.is_confirmed()).for_each(|line| println!("NOT confirmed: {line:?}"));
        right += usize::from(found.is_right());
    }
    let figure = |name: &str, count: usize, aim| Figure::new(name, "", [count as f64], aim);
    vec![figure("Songs with all that the assistant promises", right, "all"), figure("Songs that were tried", songs.len(), "")]
}
