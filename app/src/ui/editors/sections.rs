//! Which parameters of a declaration stand where in its editor.

use dsp::params::{Flags, ParamSpec, ProcessorSpec, Unit};

/// At most this many knobs in the first row.
pub const MOST_KNOBS: usize = 8;

/// An editor's layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The main continuous parameters.
    pub knobs: Vec<&'static ParamSpec>,
    /// The main choices and switches.
    pub choices: Vec<&'static ParamSpec>,
    /// The rest of the main group.
    pub rest: Vec<&'static ParamSpec>,
    /// Named groups in order of their first parameter.
    pub groups: Vec<Group>,
}

/// Parameters under a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The heading.
    pub name: &'static str,
    /// Its parameters.
    pub params: Vec<&'static ParamSpec>,
}

/// Lays a declaration out.
pub fn layout(spec: &'static ProcessorSpec) -> Layout {
    let mut layout = Layout::default();
    for param in spec.params {
        if !param.group.is_empty() {
            match layout.groups.iter_mut().find(|group| group.name == param.group) {
                Some(group) => group.params.push(param),
                None => layout.groups.push(Group { name: param.group, params: vec![param] }),
            }
        } else if param.flags.has(Flags::SECONDARY) {
            layout.rest.push(param);
        } else if matches!(param.unit, Unit::Choice(_) | Unit::Toggle) {
            layout.choices.push(param);
        } else if layout.knobs.len() < MOST_KNOBS {
            layout.knobs.push(param);
        } else {
            layout.rest.push(param);
        }
    }
    for group in &mut layout.groups {
        group.params.sort_by_key(|param| param.flags.has(Flags::SECONDARY));
    }
    layout
}

/// What the parameters of each group are called, where all of several groups are called the same; the main ones stand first.
pub fn captions(groups: &[Group]) -> Option<Vec<String>> {
    let names = |group: &Group| group.params.iter().map(|param| caption(param)).collect::<Vec<_>>();
    let (first, others) = groups.split_first()?;
    let names_of_first = names(first);
    (!others.is_empty() && others.iter().all(|group| names(group) == names_of_first)).then_some(names_of_first)
}

/// A parameter's name under its group's heading: "Band 1 frequency" under "Band 1" is "Frequency".
pub fn caption(param: &ParamSpec) -> String {
    let rest = param.name.strip_prefix(param.group).map(str::trim_start).unwrap_or(param.name);
    let mut letters = rest.chars();
    letters.next().map_or_else(|| param.name.to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_every_processor_stands_in_its_editor_once() {
        for spec in dsp::processors::SPECS {
            let layout = layout(spec);
            let grouped = layout.groups.iter().flat_map(|group| &group.params);
            let shown: Vec<&str> =
                layout.knobs.iter().chain(&layout.choices).chain(&layout.rest).chain(grouped).map(|param| param.id).collect();
            assert_eq!(shown.len(), spec.params.len(), "{}", spec.name);
            assert!(spec.params.iter().all(|param| shown.contains(&param.id)), "{}", spec.name);
        }
    }

    #[test]
    fn bands_of_one_form_share_their_captions_and_unlike_groups_have_none() {
        let bands = layout(dsp::processors::spec("multiband").expect("a processor")).groups;
        let shared = captions(&bands).expect("bands of one form");
        assert_eq!(shared.len(), bands[0].params.len());
        assert!(shared[..3].iter().any(|name| name == "Threshold"), "{shared:?}");
        let unlike = vec![bands[0].clone(), Group { name: "Other", params: bands[0].params[..2].to_vec() }];
        assert_eq!(captions(&unlike), None);
        assert_eq!(captions(&bands[..1]), None);
    }

    #[test]
    fn a_caption_leaves_the_heading_out() {
        let param = ParamSpec::new("f", "Band 1 frequency", Unit::Hz, 10.0, 30_000.0, 100.0, "").group("Band 1");
        assert_eq!(caption(&param), "Frequency");
        let plain = ParamSpec::new("t", "Threshold", Unit::Db, -60.0, 0.0, -20.0, "");
        assert_eq!(caption(&plain), "Threshold");
    }
}
