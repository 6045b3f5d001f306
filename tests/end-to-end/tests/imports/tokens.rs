//! Paths in what is not parsed: the tokens of macros and attributes.

use proc_macro2::{TokenStream, TokenTree};

/// Every path of two or more names, with its line; with `strings` also texts that hold nothing but a path, as in
/// `#[serde(with = "crate::form")]`.
pub(crate) fn paths(stream: TokenStream, strings: bool) -> Vec<(Vec<String>, usize)> {
    let mut found = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut line = 0;
    let mut colons = 0;
    for token in stream {
        match &token {
            TokenTree::Ident(name) if !path.is_empty() && colons == 2 => {
                path.push(name.to_string());
                colons = 0;
                continue;
            }
            TokenTree::Punct(mark) if mark.as_char() == ':' && !path.is_empty() && colons < 2 => {
                colons += 1;
                continue;
            }
            _ => {}
        }
        keep(&mut found, &mut path, line);
        colons = 0;
        match token {
            TokenTree::Ident(name) => {
                line = name.span().start().line;
                path.push(name.to_string());
            }
            TokenTree::Group(group) => found.extend(paths(group.stream(), strings)),
            TokenTree::Literal(literal) if strings => {
                let text = literal.to_string();
                let names: Vec<String> = text.trim_matches('"').split("::").map(str::to_owned).collect();
                if names.len() > 1 && names.iter().all(|name| is_name(name)) {
                    found.push((names, literal.span().start().line));
                }
            }
            _ => {}
        }
    }
    keep(&mut found, &mut path, line);
    found
}

fn keep(found: &mut Vec<(Vec<String>, usize)>, path: &mut Vec<String>, line: usize) {
    let path = std::mem::take(path);
    if path.len() > 1 {
        found.push((path, line));
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
