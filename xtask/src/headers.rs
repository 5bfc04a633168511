//! The response headers of the page, read from `_headers`, the file that static hosts read too: one source for
//! the server of `run`, for the tests, and for the policy that is written into the page itself.

/// Rules of a `_headers` file: a path pattern and the headers of what it matches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Headers {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    pattern: String,
    headers: Vec<(String, String)>,
}

impl Headers {
    /// Reads the format: a pattern at the start of a line, its headers indented below it, `#` for comments.
    pub fn parse(text: &str) -> Self {
        let mut rules: Vec<Rule> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
            if !line.starts_with(char::is_whitespace) {
                rules.push(Rule { pattern: line.trim().to_owned(), headers: Vec::new() });
            } else if let (Some(rule), Some((name, value))) = (rules.last_mut(), line.split_once(':')) {
                rule.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Self { rules }
    }

    /// The headers for a path such as `/boot.js`.
    pub fn of<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let matching = self.rules.iter().filter(move |rule| match rule.pattern.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path == rule.pattern,
        });
        matching.flat_map(|rule| rule.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// The content security policy as a `meta` element may state it: without `frame-ancestors`, which only a header can set.
    pub fn meta_policy(&self) -> Option<String> {
        let (_, policy) = self.of("/").find(|(name, _)| name.eq_ignore_ascii_case("content-security-policy"))?;
        let directives = policy.split(';').map(str::trim).filter(|directive| !directive.starts_with("frame-ancestors"));
        Some(directives.collect::<Vec<_>>().join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# hosts read this\n/*\n  A: one\n  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; img-src data:\n\n/boot.js\n  B: two: three\n";

    #[test]
    fn a_pattern_with_a_star_covers_what_starts_like_it_and_one_without_only_itself() {
        let headers = Headers::parse(FILE);
        assert_eq!(
            headers.of("/boot.js").filter(|(name, _)| *name != "Content-Security-Policy").collect::<Vec<_>>(),
            [("A", "one"), ("B", "two: three")]
        );
        assert!(headers.of("/other.js").all(|(name, _)| name != "B"));
    }

    #[test]
    fn the_policy_for_the_page_leaves_out_what_only_a_header_can_say() {
        assert_eq!(Headers::parse(FILE).meta_policy().as_deref(), Some("default-src 'none'; img-src data:"));
    }

    #[test]
    fn the_page_of_this_repository_is_isolated_and_allows_no_script_but_its_own() {
        let headers = Headers::parse(include_str!("../../app/public/_headers"));
        let find = |wanted: &str| headers.of("/").find(|(name, _)| *name == wanted).map(|(_, value)| value);
        assert_eq!(find("Cross-Origin-Opener-Policy"), Some("same-origin"));
        assert_eq!(find("Cross-Origin-Embedder-Policy"), Some("require-corp"));
        let policy = headers.meta_policy().unwrap();
        assert!(policy.contains("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'"));
        assert!(!policy.contains("unsafe-inline"));
    }
}
