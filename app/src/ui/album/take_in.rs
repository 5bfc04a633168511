//! The songs of the Master room, each rendered through its own chain and taken into the album.

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::album::edits::add;
use session::album::of;
use session::model::{SongId, SongKind};
use session::worker::{Delivery, DeliveryFormat, Dither};

use super::desk::Desk;
use crate::media::Canceller;
use crate::state::ExportRequest;
use crate::ui::widgets::{Button, ButtonLook};

/// The songs that are not the album, and sound.
fn others(desk: Desk) -> Vec<SongId> {
    let found = desk.studio.session(|session| {
        let album = of(session).map(|(_, song)| song.id);
        let others = session.songs.iter().filter(|song| Some(song.id) != album && song.end_frame() > 0);
        others.map(|song| song.id).collect()
    });
    found.unwrap_or_default()
}

/// The button that takes them in, where there are any.
#[component]
pub fn TakeIn(desk: Desk) -> impl IntoView {
    let songs = Memo::new(move |_| others(desk));
    let is_busy = Signal::derive(move || desk.progress.with(Option::is_some));
    view! {
        <Show when=move || songs.with(|songs| !songs.is_empty())>
            <Button look=ButtonLook::Line class="is-small" disabled=is_busy hint="Renders each song of the session through its own chain, and adds it as it leaves it" on_press=move |()| take_in(desk, songs.get_untracked())>
                "Add this session's masters"
            </Button>
        </Show>
    }
}

fn take_in(desk: Desk, songs: Vec<SongId>) {
    let Some(canceller) = desk.begin() else { return };
    spawn_local(async move {
        let count = songs.len() as f32;
        for (at, song) in songs.into_iter().enumerate() {
            let told = move |part: f32| {
                let _ = desk.progress.try_set(Some((at as f32 + part.clamp(0.0, 1.0)) / count));
            };
            match take_one(desk, song, &canceller, told).await {
                _ if canceller.is_cancelled() => break,
                Ok(()) => {}
                Err(sentence) => {
                    desk.studio.messages.attention(sentence);
                    break;
                }
            }
        }
        desk.progress.set(None);
    });
}

async fn take_one(desk: Desk, song: SongId, canceller: &Canceller, told: impl Fn(f32) + 'static) -> Result<(), String> {
    let studio = desk.studio;
    let asked = studio.peek(|session| {
        let found = session.song(song)?;
        let name = if found.kind == SongKind::Mix { session.name.clone() } else { found.name.clone() };
        let album_hz = of(session).map(|(_, song)| song.rate_hz);
        Some((name, found.rate_hz, found.whole(), album_hz))
    });
    let (name, rate_hz, range, album_hz) = asked.flatten().ok_or("The song is no longer in the session.")?;
    let delivery = Delivery {
        file_name: "Master.wav".to_owned(),
        rate_hz,
        file_rate_hz: Some(rate_hz),
        ceiling_dbtp: None,
        format: DeliveryFormat::WavFloat,
        dither: Dither::None,
        expected_frames: range.end - range.start,
    };
    let request = ExportRequest { song, range, delivery, as_soloed: false, is_cut: false, edit: None, watched: None };
    let exported = studio.export(request, canceller, told).await?;
    let file = exported.file.ok_or("The render was not written.")?;
    let media = studio.media().await.map_err(|error| error.to_string())?;
    let mut imported = media.import(file, album_hz, |_| {}).await.map_err(|error| error.to_string())?;
    imported.file_name = format!("{name}.wav");
    if canceller.is_cancelled() {
        return Ok(());
    }
    let step = format!("Add {name} to the album");
    if let Some(edit) = studio.peek(|session| add(session, imported, usize::MAX)) {
        studio.dispatch(step, edit);
    }
    Ok(())
}
