//! And, or, not over terms of any form.

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree<T> {
    /// All hold; true without any.
    And(Vec<Tree<T>>),
    /// One holds at least; false without any.
    Or(Vec<Tree<T>>),
    /// It does not hold.
    Not(Box<Tree<T>>),
    /// One term.
    Term(T),
}

impl<T> Tree<T> {
    /// The same with other terms.
    pub fn map<'a, U>(&'a self, change: &mut dyn FnMut(&'a T) -> U) -> Tree<U> {
        match self {
            Self::And(parts) => Tree::And(parts.iter().map(|part| part.map(change)).collect()),
            Self::Or(parts) => Tree::Or(parts.iter().map(|part| part.map(change)).collect()),
            Self::Not(part) => Tree::Not(Box::new(part.map(change))),
            Self::Term(term) => Tree::Term(change(term)),
        }
    }

    /// Whether it holds, where a term holds or not. There is no third answer: null is the terms' matter.
    pub fn holds(&self, term: &dyn Fn(&T) -> bool) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(term)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(term)),
            Self::Not(part) => !part.holds(term),
            Self::Term(one) => term(one),
        }
    }

    /// Whether one term at least is such.
    pub fn any(&self, such: &dyn Fn(&T) -> bool) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.any(such)),
            Self::Not(part) => part.any(such),
            Self::Term(term) => such(term),
        }
    }
}
