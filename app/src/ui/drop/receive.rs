//! What happens with files once they are here: each is read by a worker and placed, and one that cannot be read leaves a sentence.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::model::Session;
use session::worker::Imported;
use web_sys::File;

use super::gather::Gathered;
use super::{Imports, Intent, order, place};
use crate::media::{MediaError, new_session_id};
use crate::state::{Room, Studio};

/// The name of a session whose files give none.
const UNNAMED: &str = "Untitled";

/// Files of one drop that wait for the first of them: it decides the rate of a new mix or album.
struct Batch {
    room: Room,
    /// Tracks, or songs of the album, that were there before.
    before: usize,
    /// Places of the drop's files that have become such.
    placed: RefCell<Vec<usize>>,
    /// Those that have ended, well or not.
    ended: RefCell<Vec<bool>>,
    /// Read, and waiting for the rate.
    waiting: RefCell<Vec<(usize, Imported, u32)>>,
}

/// Takes the files of a drop or of the input.
pub fn receive(studio: Studio, imports: Imports, gathered: Gathered, intent: Intent) {
    let Gathered { files, left_out, folder } = gathered;
    if !left_out.is_empty() {
        studio.messages.news(left_out_sentence(&left_out));
    }
    if let Some(file) = files.iter().find(|file| order::is_session_file(&file.name())) {
        studio.open_session_file(file.clone());
        return;
    }
    if files.is_empty() {
        if left_out.is_empty() {
            studio.messages.attention("Nothing that was dropped is a file.");
        }
        return;
    }
    let room = room_of(studio, intent);
    if !studio.is_open_untracked() {
        let name =
            folder.unwrap_or_else(|| if room == Room::Master { session::guess::song_name(&files[0].name()) } else { UNNAMED.into() });
        studio.open(Session::new(new_session_id(), name));
    }
    studio.show_room(room);
    let before = studio.peek(|session| match room {
        Room::Mix => session.mix().map_or(0, |song| song.strips_of(dsp::protocol::StripKind::Audio).count()),
        Room::Master => 0,
        Room::Album => session.album.as_ref().map_or(0, |album| album.tracks.len()),
    });
    let batch = Rc::new(Batch {
        room,
        before: before.unwrap_or(0),
        placed: RefCell::default(),
        ended: RefCell::new(vec![false; files.len()]),
        waiting: RefCell::default(),
    });
    for (index, file) in files.into_iter().enumerate() {
        let id = imports.begin(&file.name(), room);
        spawn_local(read(studio, imports, batch.clone(), index, id, file));
    }
}

fn room_of(studio: Studio, intent: Intent) -> Room {
    match intent {
        Intent::Room(room) => room,
        Intent::Auto => studio.room.get_untracked(),
    }
}

async fn read(studio: Studio, imports: Imports, batch: Rc<Batch>, index: usize, id: u32, file: File) {
    let name = file.name();
    let rate_hz = shared_rate(studio, batch.room);
    let result = match studio.media().await {
        Ok(media) => {
            let job = media.import(file, rate_hz, move |fraction| imports.progress(id, fraction));
            imports.can_cancel(id, job.canceller());
            job.await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(imported) => batch.waiting.borrow_mut().push((index, imported, id)),
        Err(error) => {
            if !error.is_cancelled() {
                studio.messages.attention(sentence_for(&name, &error.to_string()));
            }
            imports.end(id);
        }
    }
    batch.ended.borrow_mut()[index] = true;
    settle(studio, imports, &batch).await;
}

/// Places what can be placed: all, once the mix or album has a rate; before that only the first file that could be read, when those in front
/// of it have failed.
async fn settle(studio: Studio, imports: Imports, batch: &Rc<Batch>) {
    loop {
        let has_rate = batch.room == Room::Master || shared_rate(studio, batch.room).is_some();
        let next = {
            let mut waiting = batch.waiting.borrow_mut();
            waiting.sort_by_key(|(index, ..)| *index);
            let first = waiting.first().map(|(index, ..)| *index);
            let may = first.is_some_and(|first| has_rate || batch.ended.borrow()[..first].iter().all(|ended| *ended));
            if may { Some(waiting.remove(0)) } else { None }
        };
        let Some((index, imported, id)) = next else { return };
        put(studio, batch, index, imported).await;
        imports.end(id);
    }
}

async fn put(studio: Studio, batch: &Rc<Batch>, index: usize, imported: Imported) {
    for note in &imported.notes {
        studio.messages.attention(sentence_for(&imported.file_name, note));
    }
    let step = format!("Add {}", imported.file_name);
    if batch.room == Room::Master {
        let edit = studio.peek(|session| place::as_song(session, imported));
        if let Some(edit) = edit
            && studio.dispatch(step, edit)
        {
            let newest = studio.peek(|session| session.songs.last().map(|song| song.id)).flatten();
            studio.master_song.set(newest);
        }
        return;
    }
    if let Err(error) = at_shared_rate(studio, batch.room, &imported).await {
        studio.messages.attention(sentence_for(&imported.file_name, &error.to_string()));
        return;
    }
    let in_front = batch.placed.borrow().iter().filter(|placed| **placed < index).count();
    let after = batch.before + in_front;
    let edit = studio.peek(|session| match batch.room {
        Room::Album => session::album::edits::add(session, imported, after),
        Room::Mix | Room::Master => place::as_track(session, imported, after),
    });
    if let Some(edit) = edit
        && studio.dispatch(step, edit)
    {
        batch.placed.borrow_mut().push(index);
    }
}

/// The rate of the song that all files of a room go to; songs of the Master room have their own.
fn shared_rate(studio: Studio, room: Room) -> Option<u32> {
    let shared = studio.peek(|session| match room {
        Room::Mix => session.mix().map(|song| song.rate_hz),
        Room::Master => None,
        Room::Album => session::album::of(session).map(|(_, song)| song.rate_hz),
    });
    shared.flatten()
}

/// Without a song there is nothing to wait for, so the file that decides the rate is placed before any other is looked at.
async fn at_shared_rate(studio: Studio, room: Room, imported: &Imported) -> Result<(), MediaError> {
    match shared_rate(studio, room) {
        Some(rate_hz) if rate_hz != imported.rate_hz => studio.media().await?.ensure_rate(&imported.hash, rate_hz, |_| {}).await,
        _ => Ok(()),
    }
}

/// A sentence that names the file, once.
fn sentence_for(file_name: &str, sentence: &str) -> String {
    if sentence.contains(file_name) { sentence.to_owned() } else { format!("{file_name}: {sentence}") }
}

fn left_out_sentence(names: &[String]) -> String {
    match names {
        [one] => format!("Left out {one}: not audio."),
        [first, rest @ ..] => format!("Left out {first} and {} more: not audio.", rest.len()),
        [] => String::new(),
    }
}
