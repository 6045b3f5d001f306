//! Teams: their members and their place in the tree. Pure.

use std::collections::BTreeSet;

use http_conventions::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Teams in history.
pub const OBJECT: &str = "team";

/// Somebody in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The person.
    pub user_id: Uuid,
    /// Whether their new records get this team; a person has one such team.
    #[serde(default)]
    pub is_primary: bool,
}

/// What people change of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// The team above.
    pub parent_id: Option<Uuid>,
    /// Who is in it, by id.
    pub members: Vec<Member>,
}

impl Team {
    /// With its members in order.
    pub fn new(name: String, parent_id: Option<Uuid>, mut members: Vec<Member>) -> Self {
        members.sort_unstable();
        Self { name, parent_id, members }
    }

    /// What is wrong with it, among the other teams as `(id, parent)`.
    pub fn mistakes(&self, id: Uuid, tree: &[(Uuid, Option<Uuid>)]) -> Vec<FieldError> {
        let mut mistakes = Vec::new();
        if let Some(parent) = self.parent_id {
            if !tree.iter().any(|(known, _)| *known == parent) {
                mistakes.push(FieldError::new("/parent_id", "unknown-reference"));
            } else if is_below(parent, id, tree) {
                mistakes.push(FieldError::new("/parent_id", "circle"));
            }
        }
        let people: BTreeSet<Uuid> = self.members.iter().map(|member| member.user_id).collect();
        if people.len() < self.members.len() {
            mistakes.push(FieldError::new("/members", "twice"));
        }
        mistakes
    }
}

/// Whether `team` is `top` or one of the teams under it.
fn is_below(team: Uuid, top: Uuid, tree: &[(Uuid, Option<Uuid>)]) -> bool {
    let parent = |id: Uuid| tree.iter().find(|(known, _)| *known == id).and_then(|(_, parent)| *parent);
    // No more steps than there are teams: a circle that is there already ends too.
    std::iter::successors(Some(team), |id| parent(*id)).take(tree.len() + 1).any(|id| id == top)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn codes(team: &Team, tree: &[(Uuid, Option<Uuid>)]) -> Vec<String> {
        let mistakes = team.mistakes(id(1), tree);
        mistakes.into_iter().map(|mistake| format!("{} {}", mistake.pointer, mistake.code)).collect()
    }

    #[test]
    fn a_team_never_lies_under_itself() {
        let tree = [(id(1), None), (id(2), Some(id(1))), (id(3), Some(id(2))), (id(4), None)];
        let under = |parent| Team::new("Sales".into(), Some(id(parent)), Vec::new());
        assert_eq!(codes(&under(4), &tree), [""; 0]);
        for parent in [1, 2, 3] {
            assert_eq!(codes(&under(parent), &tree), ["/parent_id circle"]);
        }
        assert_eq!(codes(&under(9), &tree), ["/parent_id unknown-reference"]);
    }

    #[test]
    fn nobody_is_in_a_team_twice() {
        let member = |number, is_primary| Member { user_id: id(number), is_primary };
        let team = |members| Team::new("Sales".into(), None, members);
        assert_eq!(codes(&team(vec![member(7, true), member(8, false)]), &[]), [""; 0]);
        assert_eq!(codes(&team(vec![member(7, true), member(7, false)]), &[]), ["/members twice"]);
    }
}
