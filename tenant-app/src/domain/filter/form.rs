//! The stored form: `{"v": 1, "where": N}`. Read strictly, with the spot of what is wrong; knows no fields.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::{FilterError, Operator, Tree};

const VERSION: u64 = 1;
const DEPTH: usize = 5;
const TERMS: usize = 50;
const VALUES: usize = 500;

/// A filter as people and programs write it. In JSON the same as [`Filter::to_json`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Json", into = "Json")]
pub struct Filter {
    pub(super) root: Tree<Term>,
}

/// A field, an operator and what it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The path: `industry`, `account.industry`.
    pub field: String,
    /// The operator.
    pub operator: Operator,
    /// Absent with `empty` and `not_empty` alone.
    pub value: Option<Json>,
}

impl Filter {
    /// Reads the JSON form; the error names the first spot that is wrong.
    pub fn parse(json: &Json) -> Result<Self, FilterError> {
        let members = object(json, "")?;
        only(members, &["v", "where"], "")?;
        match members.get("v") {
            None => return Err(FilterError::new("/v", "required")),
            Some(version) if version.as_u64() == Some(VERSION) => {}
            Some(_) => return Err(FilterError::new("/v", "unsupported-version").with("supported", VERSION)),
        }
        let root = members.get("where").ok_or_else(|| FilterError::new("/where", "required"))?;
        let root = Reader::default().node(root, "/where", 1)?;
        Ok(Self { root })
    }

    /// Reads a text, such as the parameter of a URL.
    pub fn from_text(text: &str) -> Result<Self, FilterError> {
        let json = serde_json::from_str(text).map_err(|_| FilterError::new("", "malformed"))?;
        Self::parse(&json)
    }

    /// As it is stored.
    pub fn to_json(&self) -> Json {
        json!({"v": VERSION, "where": written(&self.root)})
    }
}

impl TryFrom<Json> for Filter {
    type Error = FilterError;

    fn try_from(json: Json) -> Result<Self, FilterError> {
        Self::parse(&json)
    }
}

impl From<Filter> for Json {
    fn from(filter: Filter) -> Json {
        filter.to_json()
    }
}

fn written(tree: &Tree<Term>) -> Json {
    match tree {
        Tree::And(parts) => json!({"and": parts.iter().map(written).collect::<Vec<_>>()}),
        Tree::Or(parts) => json!({"or": parts.iter().map(written).collect::<Vec<_>>()}),
        Tree::Not(part) => json!({"not": written(part)}),
        Tree::Term(Term { field, operator, value: Some(value) }) => {
            json!({"field": field, "op": operator, "value": value})
        }
        Tree::Term(Term { field, operator, value: None }) => json!({"field": field, "op": operator}),
    }
}

/// What has been read so far: the limits are those of the whole filter.
#[derive(Default)]
struct Reader {
    terms: usize,
    values: usize,
}

impl Reader {
    fn node(&mut self, json: &Json, pointer: &str, depth: usize) -> Result<Tree<Term>, FilterError> {
        if depth > DEPTH {
            return Err(FilterError::new(pointer, "too-deep").with("max", DEPTH));
        }
        let members = object(json, pointer)?;
        if let Some(parts) = members.get("and") {
            only(members, &["and"], pointer)?;
            return self.parts(parts, &format!("{pointer}/and"), depth).map(Tree::And);
        }
        if let Some(parts) = members.get("or") {
            only(members, &["or"], pointer)?;
            return self.parts(parts, &format!("{pointer}/or"), depth).map(Tree::Or);
        }
        if let Some(part) = members.get("not") {
            only(members, &["not"], pointer)?;
            let part = self.node(part, &format!("{pointer}/not"), depth + 1)?;
            return Ok(Tree::Not(Box::new(part)));
        }
        self.term(members, pointer).map(Tree::Term)
    }

    fn parts(&mut self, json: &Json, pointer: &str, depth: usize) -> Result<Vec<Tree<Term>>, FilterError> {
        let parts = json.as_array().ok_or_else(|| FilterError::wrong_type(pointer, "list"))?;
        if parts.is_empty() {
            // Counted as a term, or a filter of nothing but empty groups would have no limit.
            self.count_term(pointer)?;
        }
        let read = |(index, part)| self.node(part, &format!("{pointer}/{index}"), depth + 1);
        parts.iter().enumerate().map(read).collect()
    }

    fn term(&mut self, members: &Map<String, Json>, pointer: &str) -> Result<Term, FilterError> {
        self.count_term(pointer)?;
        only(members, &["field", "op", "value"], pointer)?;
        let text = |name: &str| {
            let pointer = format!("{pointer}/{name}");
            let member = members.get(name).ok_or_else(|| FilterError::new(pointer.clone(), "required"))?;
            member.as_str().ok_or_else(|| FilterError::wrong_type(pointer, "text"))
        };
        let field = text("field")?.to_owned();
        text("op")?;
        let operator = Operator::deserialize(&members["op"])
            .map_err(|_| FilterError::new(format!("{pointer}/op"), "unknown-operator"))?;
        let value = members.get("value").cloned();
        if let Some(value) = &value {
            self.values += count(value);
            if self.values > VALUES {
                let pointer = format!("{pointer}/value");
                return Err(FilterError::new(pointer, "too-many-values").with("max", VALUES));
            }
        }
        Ok(Term { field, operator, value })
    }

    fn count_term(&mut self, pointer: &str) -> Result<(), FilterError> {
        self.terms += 1;
        if self.terms > TERMS {
            return Err(FilterError::new(pointer, "too-many-terms").with("max", TERMS));
        }
        Ok(())
    }
}

/// A list counts what it holds, everything else is one value.
fn count(value: &Json) -> usize {
    value.as_array().map_or(1, |items| items.iter().map(count).sum::<usize>().max(1))
}

fn object<'a>(json: &'a Json, pointer: &str) -> Result<&'a Map<String, Json>, FilterError> {
    json.as_object().ok_or_else(|| FilterError::wrong_type(pointer, "object"))
}

fn only(members: &Map<String, Json>, known: &[&str], pointer: &str) -> Result<(), FilterError> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let escaped = name.replace('~', "~0").replace('/', "~1");
            Err(FilterError::new(format!("{pointer}/{escaped}"), "unknown-member"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term() -> Json {
        json!({"field": "name", "op": "eq", "value": "Acme"})
    }

    fn of(root: Json) -> Result<Filter, FilterError> {
        Filter::parse(&json!({"v": 1, "where": root}))
    }

    fn refusal(root: Json) -> (String, &'static str) {
        let error = of(root).expect_err("refused");
        (error.pointer, error.code)
    }

    fn nested(levels: usize) -> Json {
        (0..levels).fold(term(), |inner, _| json!({"not": inner}))
    }

    #[test]
    fn what_is_read_is_written_the_same() {
        let json = json!({"v": 1, "where": {"and": [
            {"or": [term(), {"not": {"field": "email", "op": "empty"}}]},
            {"and": []},
            {"field": "owner_id", "op": "in", "value": [{"ref": "me"}]},
        ]}});
        let filter = Filter::from_text(&json.to_string()).expect("good");
        assert_eq!(filter.to_json(), json);
        assert_eq!(serde_json::from_value::<Filter>(json.clone()).expect("good"), filter);
        assert_eq!(serde_json::to_value(filter).expect("written"), json);
    }

    #[test]
    fn a_wrong_form_names_the_spot() {
        let whole = |json: Json| {
            let error = Filter::parse(&json).expect_err("refused");
            (error.pointer, error.code)
        };
        assert_eq!(whole(json!([])), (String::new(), "wrong-type"));
        assert_eq!(whole(json!({"where": term()})), ("/v".into(), "required"));
        assert_eq!(whole(json!({"v": 2, "where": term()})), ("/v".into(), "unsupported-version"));
        assert_eq!(whole(json!({"v": 1})), ("/where".into(), "required"));
        assert_eq!(whole(json!({"v": 1, "where": term(), "a/b": 1})), ("/a~1b".into(), "unknown-member"));
        assert_eq!(Filter::from_text("{").expect_err("refused").code, "malformed");

        assert_eq!(refusal(json!({"and": term()})), ("/where/and".into(), "wrong-type"));
        assert_eq!(refusal(json!({"and": [1]})), ("/where/and/0".into(), "wrong-type"));
        assert_eq!(refusal(json!({"and": [], "or": []})), ("/where/or".into(), "unknown-member"));
        assert_eq!(
            refusal(json!({"or": [term(), {"field": 1}]})),
            ("/where/or/1/field".into(), "wrong-type")
        );
        assert_eq!(refusal(json!({"field": "name"})), ("/where/op".into(), "required"));
        let like = json!({"not": {"field": "name", "op": "like"}});
        assert_eq!(refusal(like), ("/where/not/op".into(), "unknown-operator"));
    }

    #[test]
    fn depth_terms_and_values_have_limits() {
        assert!(of(nested(4)).is_ok());
        assert_eq!(refusal(nested(5)), ("/where/not/not/not/not/not".into(), "too-deep"));
        assert!(of(json!({"or": vec![term(); 50]})).is_ok());
        assert_eq!(refusal(json!({"or": vec![term(); 51]})), ("/where/or/50".into(), "too-many-terms"));
        assert!(of(json!({"or": vec![json!({"and": []}); 50]})).is_ok());
        assert_eq!(
            refusal(json!({"or": vec![json!({"and": []}); 51]})),
            ("/where/or/50/and".into(), "too-many-terms")
        );
        let many = |count: usize| json!({"field": "name", "op": "in", "value": vec!["x"; count]});
        assert!(of(many(500)).is_ok());
        assert_eq!(refusal(many(501)), ("/where/value".into(), "too-many-values"));
        let two = json!({"or": [many(300), many(201)]});
        assert_eq!(refusal(two), ("/where/or/1/value".into(), "too-many-values"));
    }
}
