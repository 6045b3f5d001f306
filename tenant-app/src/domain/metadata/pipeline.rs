//! The ways of sales: a pipeline and its stages, as admins write them. Pure.

use std::collections::BTreeSet;

use http_conventions::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::people::person;

/// Pipelines in history.
pub const OBJECT: &str = "pipeline";
/// More stages fit no screen.
pub const MOST_STAGES: usize = 30;

/// What a stage means for a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is on its way.
    Open,
    /// It came to be.
    Won,
    /// It did not; the opportunity says why.
    Lost,
}

impl Outcome {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}

/// A step of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Of one that is there already: its id.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// How likely a sale is, in percent.
    #[schema(minimum = 0, maximum = 100)]
    pub probability: i16,
    /// What it means.
    pub outcome: Outcome,
}

/// A pipeline with its stages in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pipeline {
    /// Its name.
    pub name: String,
    /// Its stages.
    pub stages: Vec<Stage>,
}

impl Pipeline {
    /// The same with names as they are stored, or everything that is wrong; `known` are the stages that it has.
    pub fn checked(self, known: &[Uuid]) -> Result<Self, Vec<FieldError>> {
        let mut mistakes = Vec::new();
        let mut name_at = |text: &str, pointer: String| {
            person::name(text).unwrap_or_else(|mistake| {
                mistakes.push(FieldError { pointer, ..mistake });
                String::new()
            })
        };
        let name = name_at(&self.name, "/name".to_owned());
        let mut stages = self.stages;
        for (index, stage) in stages.iter_mut().enumerate() {
            stage.name = name_at(&stage.name, format!("/stages/{index}/name"));
        }
        let mut ids = BTreeSet::new();
        for (index, stage) in stages.iter().enumerate() {
            let at = |member: &str| format!("/stages/{index}/{member}");
            if !(0..=100).contains(&stage.probability) {
                mistakes.push(
                    FieldError::new(&at("probability"), "out-of-range").with("min", 0).with("max", 100),
                );
            }
            if stage.id.is_some_and(|id| !known.contains(&id) || !ids.insert(id)) {
                mistakes.push(FieldError::new(&at("id"), "unknown-reference"));
            }
        }
        if !stages.iter().any(|stage| stage.outcome == Outcome::Open) {
            mistakes.push(FieldError::new("/stages", "no-open-stage"));
        }
        if stages.len() > MOST_STAGES {
            mistakes.push(FieldError::new("/stages", "too-many").with("max", MOST_STAGES));
        }
        if mistakes.is_empty() { Ok(Self { name, stages }) } else { Err(mistakes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(id: Option<u128>, name: &str, probability: i16, outcome: Outcome) -> Stage {
        Stage { id: id.map(Uuid::from_u128), name: name.into(), probability, outcome }
    }

    #[test]
    fn a_pipeline_has_an_open_stage_and_each_stage_once() {
        let known = [Uuid::from_u128(1)];
        let good = Pipeline {
            name: " Sales ".into(),
            stages: vec![stage(Some(1), "First ", 10, Outcome::Open), stage(None, "Won", 100, Outcome::Won)],
        };
        let checked = good.checked(&known).expect("good");
        assert_eq!((checked.name.as_str(), checked.stages[0].name.as_str()), ("Sales", "First"));
        let bad = Pipeline {
            name: " ".into(),
            stages: vec![
                stage(Some(1), "", 101, Outcome::Won),
                stage(Some(1), "Again", 0, Outcome::Lost),
                stage(Some(2), "Another's", 0, Outcome::Lost),
            ],
        };
        let mistakes: Vec<String> = bad
            .checked(&known)
            .expect_err("bad")
            .into_iter()
            .map(|mistake| format!("{} {}", mistake.pointer, mistake.code))
            .collect();
        assert_eq!(
            mistakes,
            [
                "/name required",
                "/stages/0/name required",
                "/stages/0/probability out-of-range",
                "/stages/1/id unknown-reference",
                "/stages/2/id unknown-reference",
                "/stages no-open-stage",
            ]
        );
    }
}
