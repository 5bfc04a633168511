//! Every odd, disguised, truncated and hostile file gives what its manifest expects, and the store goes on working after each.

use std::fs::{self, File};
use std::path::PathBuf;

use media::decode::{Decoder, Refusal};
use media::import::{ImportFailure, import};
use media::store::{MemoryFiles, Store, now};
use session::worker::Imported;

/// A line of the manifest.
struct Case {
    file: String,
    expect: String,
}

/// Folder and lines of the manifest; `None` (said aloud) without the material.
fn cases() -> Option<(PathBuf, Vec<Case>)> {
    let Some(material) = std::env::var_os("HEADROOM_MATERIAL") else {
        println!("HEADROOM_MATERIAL is not set: the broken files are left out");
        return None;
    };
    let folder = PathBuf::from(material).join("broken");
    let manifest = fs::read_to_string(folder.join("manifest.csv")).expect("a manifest");
    let case = |line: &str| {
        let mut fields = line.splitn(4, ',');
        Case { file: fields.next().unwrap_or_default().into(), expect: fields.nth(1).unwrap_or_default().into() }
    };
    Some((folder, manifest.lines().skip(1).map(case).collect()))
}

fn try_import(store: &mut Store<MemoryFiles>, path: PathBuf, name: &str) -> Result<Imported, ImportFailure> {
    let decoder = Decoder::open(Box::new(File::open(path).expect("a file")), name)?;
    now(import(decoder, name, Some(48_000), store, |_| true))
}

/// What natively stands for "decodes": Opus and the like are the browser's.
fn needs_browser(result: &Result<Imported, ImportFailure>) -> bool {
    matches!(result, Err(ImportFailure::File(error)) if matches!(error.refusal, Refusal::NeedsBrowser(_)))
}

fn verdict(case: &Case, result: &Result<Imported, ImportFailure>, store: &mut Store<MemoryFiles>) -> Result<(), String> {
    if let Ok(source) = result {
        let mut reader = now(store.reader(&source.hash, None, &source.file_name)).map_err(|error| error.to_string())?;
        let mut left = vec![0.0; source.frames.min(1 << 20) as usize];
        reader.read(0, &mut left, None).map_err(|error| error.to_string())?;
        if source.frames == 0 || left.iter().any(|sample| !sample.is_finite()) {
            return Err("no frames, or frames that are not numbers".into());
        }
    }
    match (case.expect.as_str(), result) {
        ("ok" | "guard" | "odd" | "partial", _) if needs_browser(result) => Ok(()),
        ("ok" | "guard", Ok(_)) => Ok(()),
        ("partial", Ok(source)) if !source.notes.is_empty() => Ok(()),
        ("partial", Ok(_)) => Err("nothing says that something is missing".into()),
        ("reject", Err(_)) => Ok(()),
        ("reject", Ok(source)) => Err(format!("took {} frames of nothing", source.frames)),
        ("odd", _) => Ok(()),
        (expect, Err(error)) => Err(format!("expected {expect}: {error}")),
        (expect, Ok(_)) => Err(format!("unknown expectation {expect}")),
    }
}

#[test]
fn every_broken_file_gives_what_its_manifest_expects() {
    let Some((folder, cases)) = cases() else { return };
    let mut store = now(Store::open(MemoryFiles::default(), "t")).expect("a store");
    let mut wrong = Vec::new();
    for case in &cases {
        let result = try_import(&mut store, folder.join(&case.file), &case.file);
        match &result {
            Ok(source) => println!(
                "{:8} {:40} {} Hz {} ch {} frames {:?} {:?}",
                case.expect, case.file, source.rate_hz, source.channels, source.frames, source.format, source.notes
            ),
            Err(error) => println!("{:8} {:40} {error}", case.expect, case.file),
        }
        if let Err(failure) = &result {
            let sentence = failure.to_string();
            if !sentence.contains(&case.file) || !sentence.ends_with('.') || sentence.contains('!') {
                wrong.push(format!("{}: not a sentence that names the file: {sentence}", case.file));
            }
        }
        if let Err(what) = verdict(case, &result, &mut store) {
            wrong.push(format!("{}: {what}", case.file));
        }
    }
    assert!(cases.len() > 80, "only {} cases", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn aiff_alac_caf_and_the_like_decode() {
    let Some((folder, _)) = cases() else { return };
    let mut store = now(Store::open(MemoryFiles::default(), "t")).expect("a store");
    for name in [
        "aiff-24.aif",
        "aifc-sowt.aiff",
        "au-16.au",
        "w64-24.w64",
        "alac-16.m4a",
        "aac-lc.m4a",
        "wav-ms-adpcm.wav",
        "mp3-in-wav.wav",
        "data-before-fmt.wav",
        "sizes-zero.wav",
        "id3-before-riff.wav",
        "two-data-chunks.wav",
        "blockalign-wrong.wav",
        "bits-12.wav",
        "wavex-short.wav",
    ] {
        let imported = try_import(&mut store, folder.join(name), name);
        assert!(imported.as_ref().is_ok_and(|source| source.frames > 1000), "{name}: {imported:?}");
    }
}

#[test]
fn the_same_file_twice_is_kept_once() {
    let Some((folder, _)) = cases() else { return };
    let mut store = now(Store::open(MemoryFiles::default(), "t")).expect("a store");
    let first = try_import(&mut store, folder.join("wav-24.wav"), "wav-24.wav").expect("a good file");
    let again = try_import(&mut store, folder.join("wav-24.wav"), "copy.wav").expect("a good file");
    assert_eq!(first.hash, again.hash);
    assert_eq!(again.file_name, "copy.wav");
}
