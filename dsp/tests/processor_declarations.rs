//! What every declaration promises: permanent ids, values in range, texts that can be typed back, presets worth keeping.

use dsp::params::Flags;
use dsp::processors::SPECS;

/// Every parameter that a saved file may name, by processor. A line never leaves this list and never changes: new ones are added.
const PERMANENT: &str = include_str!("golden/parameters.txt");

#[test]
fn every_id_that_was_ever_saved_is_still_there_and_every_new_one_is_listed() {
    let declared: Vec<String> =
        SPECS.iter().flat_map(|spec| spec.params.iter().map(move |param| format!("{} {}", spec.id, param.id))).collect();
    for line in PERMANENT.lines() {
        assert!(declared.iter().any(|id| id == line), "{line} is gone: files that name it would lose it");
    }
    let new: Vec<&str> = declared.iter().map(String::as_str).filter(|id| !PERMANENT.lines().any(|line| line == *id)).collect();
    assert!(new.is_empty(), "these are not in golden/parameters.txt yet:\n{}", new.join("\n"));
}

#[test]
fn ids_and_names_are_unique_and_defaults_lie_in_their_ranges() {
    for spec in SPECS {
        for (index, param) in spec.params.iter().enumerate() {
            assert!(param.min < param.max, "{} {}", spec.id, param.id);
            assert_eq!(param.clamp(param.default), param.default, "{} {}", spec.id, param.id);
            assert!(!param.help.is_empty() && param.steps.fine <= param.steps.step, "{} {}", spec.id, param.id);
            for other in &spec.params[..index] {
                assert!(param.id != other.id && param.name != other.name, "{} {}", spec.id, param.id);
            }
            if param.flags.has(Flags::AFFECTS_LATENCY) || param.flags.has(Flags::MONITOR) {
                assert!(!param.flags.has(Flags::AUTOMATABLE), "{} {}", spec.id, param.id);
            }
        }
    }
}

#[test]
fn values_survive_being_written_and_typed_back() {
    for spec in SPECS {
        for param in spec.params {
            for step in 0..=50 {
                let value = param.from_position(step as f32 / 50.0);
                let text = param.text(value);
                let parsed = param.parse(&text).unwrap_or_else(|_| panic!("{} {}: {text}", spec.id, param.id));
                assert_eq!(param.text(parsed), text, "{} {}", spec.id, param.id);
            }
        }
    }
}

#[test]
fn presets_name_existing_parameters_within_their_ranges() {
    for spec in SPECS {
        assert!(spec.presets.len() >= 5, "{} has {} presets", spec.id, spec.presets.len());
        for preset in spec.presets {
            assert!(!preset.values.is_empty(), "{} {}", spec.id, preset.name);
            for (id, value) in preset.values {
                let index = spec.index_of(id).unwrap_or_else(|| panic!("{} {}: {id}", spec.id, preset.name));
                let param = &spec.params[index];
                assert_eq!(param.clamp(*value), *value, "{} {}: {id}", spec.id, preset.name);
                assert!(!param.flags.has(Flags::MONITOR), "{} {}: {id}", spec.id, preset.name);
            }
        }
    }
}
