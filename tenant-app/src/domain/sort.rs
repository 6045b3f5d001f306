//! `sort=-updated_at,name`: at most three keys, completed to a total order. Must not know SQL.

use serde::{Deserialize, Serialize};

/// A key that accounts are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortKey {
    /// The name.
    Name,
    /// The industry.
    Industry,
    /// The number of people who work there.
    Employees,
    /// When it was made.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// The id: always the last key, so that the order is total.
    Id,
}

/// A key and its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The key.
    pub key: SortKey,
    /// From the largest down.
    pub descending: bool,
}

/// A total order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort(Vec<Term>);

const MOST_KEYS: usize = 3;

impl SortKey {
    /// Whether values may be missing; missing ones come last in both directions.
    pub fn nullable(self) -> bool {
        matches!(self, Self::Industry | Self::Employees)
    }

    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "name" => Self::Name,
            "industry" => Self::Industry,
            "employees" => Self::Employees,
            "created_at" => Self::CreatedAt,
            "updated_at" => Self::UpdatedAt,
            _ => return None,
        })
    }
}

impl Sort {
    /// Reads the parameter; `None` if a key is unknown, named twice, or one too many.
    pub fn parse(text: &str) -> Option<Self> {
        let mut terms: Vec<Term> = Vec::new();
        for part in text.split(',') {
            let (name, descending) = part.strip_prefix('-').map_or((part, false), |name| (name, true));
            let key = SortKey::parse(name)?;
            if terms.len() == MOST_KEYS || terms.iter().any(|term| term.key == key) {
                return None;
            }
            terms.push(Term { key, descending });
        }
        // Each key has one index (key, updated_at desc, id); the other direction reads it backwards, tail included.
        let first = terms.first()?;
        let backwards = first.descending != (first.key == SortKey::UpdatedAt);
        if !terms.iter().any(|term| term.key == SortKey::UpdatedAt) {
            terms.push(Term { key: SortKey::UpdatedAt, descending: !backwards });
        }
        terms.push(Term { key: SortKey::Id, descending: backwards });
        Some(Self(terms))
    }

    /// The keys in order; the last is the id.
    pub fn terms(&self) -> &[Term] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SortKey::{Id, Name, UpdatedAt};

    fn parsed(text: &str) -> Vec<(SortKey, bool)> {
        Sort::parse(text).expect(text).terms().iter().map(|term| (term.key, term.descending)).collect()
    }

    #[test]
    fn an_order_is_total_and_reads_an_index_one_way() {
        assert_eq!(parsed("name"), [(Name, false), (UpdatedAt, true), (Id, false)]);
        assert_eq!(parsed("-name"), [(Name, true), (UpdatedAt, false), (Id, true)]);
        assert_eq!(parsed("-updated_at"), [(UpdatedAt, true), (Id, false)]);
        assert_eq!(parsed("updated_at"), [(UpdatedAt, false), (Id, true)]);
    }

    #[test]
    fn unknown_repeated_and_too_many_keys_are_refused() {
        for wrong in ["", "id", "Name", "name,-name", "name,industry,employees,created_at", "name,", "--name"]
        {
            assert_eq!(Sort::parse(wrong), None, "{wrong}");
        }
    }
}
