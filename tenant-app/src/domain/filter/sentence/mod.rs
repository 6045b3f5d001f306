//! A filter in people's words: "Status is New or Working and Created is in the last 7 days".
//!
//! Fields and options are named by the registry, everything else by `locales/`. Must not ask a store: names of records,
//! people and teams are given.

mod words;

use chrono_tz::Tz;
use uuid::Uuid;

pub use words::Language;

use super::{CheckedFilter, CheckedTerm, Operand, Operator, Relative, Span, Tree};
use crate::domain::metadata::registry::{Field, FieldType, Label};
use crate::domain::value::{Link, Value};
use words::{Words, filled};

/// How a filter is put into words.
#[derive(Clone, Copy)]
pub struct Sentence<'a> {
    /// The language.
    pub language: Language,
    /// Where times are shown.
    pub timezone: Tz,
    /// The name of the record, person or team that a field refers to; `None` where whoever reads may not know it.
    pub names: &'a dyn Fn(&Field, Uuid) -> Option<String>,
}

impl Sentence<'_> {
    /// The words of a filter.
    pub fn of(&self, filter: &CheckedFilter<'_>) -> String {
        self.node(&filter.root, true)
    }

    fn words(&self) -> &'static Words {
        words::of(self.language)
    }

    fn label<'l>(&self, label: &'l Label) -> &'l str {
        match self.language {
            Language::En => &label.en,
            Language::De => &label.de,
        }
    }

    fn node(&self, node: &Tree<CheckedTerm<'_>>, outermost: bool) -> String {
        let words = self.words();
        match node {
            Tree::And(parts) => self.group(parts, &words.and, &words.everything, outermost),
            Tree::Or(parts) => self.group(parts, &words.or, &words.nothing, outermost),
            Tree::Not(part) => filled(&words.not, &[("part", &self.node(part, true))]),
            Tree::Term(term) => self.term(term),
        }
    }

    fn group(&self, parts: &[Tree<CheckedTerm<'_>>], join: &str, none: &str, outermost: bool) -> String {
        match parts {
            [] => none.to_owned(),
            [part] => self.node(part, outermost),
            parts => {
                let parts: Vec<String> = parts.iter().map(|part| self.node(part, false)).collect();
                let joined = parts.join(join);
                if outermost { joined } else { filled(&self.words().group, &[("part", &joined)]) }
            }
        }
    }

    fn term(&self, term: &CheckedTerm<'_>) -> String {
        let words = self.words();
        let mut operator = term.operator;
        if operator == Operator::NotIn && term.operands.len() == 1 {
            operator = Operator::Ne;
        }
        let dated = matches!(term.field.kind, FieldType::Date | FieldType::DateTime);
        let template =
            words.dates.get(&operator).filter(|_| dated).or_else(|| words.operators.get(&operator));
        let mut field = self.label(&term.field.label).to_owned();
        for hop in term.hops.iter().rev() {
            let path = match (hop.is_to_many(), term.operator.positive()) {
                (false, _) => &words.path,
                (true, (_, false)) => &words.path_any,
                // That none is such is said as what holds for all.
                (true, (_, true)) => &words.path_all,
            };
            field = filled(path, &[("relation", self.label(&hop.field.label)), ("field", &field)]);
        }
        let value = self.operands(term);
        filled(template.map_or("", String::as_str), &[("field", &field), ("value", &value)])
    }

    fn operands(&self, term: &CheckedTerm<'_>) -> String {
        let words = self.words();
        let (join, inner) = match term.operator {
            Operator::In => (&words.or, &words.and),
            Operator::AnyOf => (&words.or, &words.or),
            Operator::NotIn if term.operands.len() > 1 => (&words.list, &words.and),
            Operator::NoneOf => (&words.list, &words.list),
            // `between`, `all_of`, a set that is equal.
            _ => (&words.and, &words.and),
        };
        let shown = |operand| self.operand(operand, term, inner);
        term.operands.iter().map(shown).collect::<Vec<_>>().join(join)
    }

    fn operand(&self, operand: &Operand, term: &CheckedTerm<'_>, inner: &str) -> String {
        let words = self.words();
        match operand {
            Operand::Value(value) => self.value(value, term, inner),
            Operand::Me => words.me.clone(),
            Operand::MyTeams => words.my_teams.clone(),
            Operand::Span(Span::Day(day)) => day.format(&words.date).to_string(),
            Operand::Span(Span::Relative(relative)) => self.relative(*relative, term.operator),
        }
    }

    fn value(&self, value: &Value, term: &CheckedTerm<'_>, inner: &str) -> String {
        let words = self.words();
        match value {
            // No operator takes these.
            Value::Missing | Value::Addresses(_) | Value::Participants(_) => String::new(),
            Value::Boolean(true) => words.yes.clone(),
            Value::Boolean(false) => words.no.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) => number.normalize().to_string().replace('.', &words.decimal_point),
            Value::Money(money) => money.amount.normalize().to_string().replace('.', &words.decimal_point),
            Value::Date(day) => day.format(&words.date).to_string(),
            Value::Time(time) => time.with_timezone(&self.timezone).format(&words.time).to_string(),
            Value::Id(id) => (self.names)(term.field, *id).unwrap_or_else(|| words.unknown.clone()),
            Value::Ids(ids) => {
                let name = |id: &Uuid| (self.names)(term.field, *id).unwrap_or_else(|| words.unknown.clone());
                ids.iter().map(name).collect::<Vec<_>>().join(inner)
            }
            Value::Links(links) => {
                let name =
                    |link: &Link| (self.names)(term.field, link.id).unwrap_or_else(|| words.unknown.clone());
                links.iter().map(name).collect::<Vec<_>>().join(inner)
            }
            Value::Text(text) => self.option(term.field, text),
            Value::Texts(keys) => {
                let several = term.operands.len() > 1 && keys.len() > 1;
                let keys: Vec<String> = keys.iter().map(|key| self.option(term.field, key)).collect();
                let joined = keys.join(inner);
                if several { filled(&words.group, &[("part", &joined)]) } else { joined }
            }
        }
    }

    /// The label of an option, or a text in quotes.
    fn option(&self, field: &Field, text: &str) -> String {
        match field.kind.options().iter().find(|option| option.key == text) {
            Some(option) => self.label(&option.label).to_owned(),
            None => filled(&self.words().quoted, &[("text", text)]),
        }
    }

    fn relative(&self, relative: Relative, operator: Operator) -> String {
        let counted =
            self.words().relative.get(&relative.relative).and_then(|units| units.get(&relative.unit));
        let phrase = counted.map(|counted| match &counted.other {
            Some(other) if relative.count != 1 => other,
            _ => &counted.one,
        });
        let text =
            phrase.map_or("", |phrase| if operator.orders() { &phrase.itself } else { &phrase.within });
        filled(text, &[("count", &relative.count.to_string())])
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::domain::filter::sentence::words::{ENGLISH, GERMAN};
    use crate::domain::filter::{Filter, Unit, Which, check};
    use crate::domain::metadata::registry::{PickOption, Registry};

    fn registry() -> Registry {
        let mut registry = Registry::standard();
        let options = vec![PickOption::new("a", "Alpha", "Alfa"), PickOption::new("b", "Beta", "Beta")];
        let label = Label::new("Kinds", "Arten");
        registry.add("lead", Field::new("c_kinds", label, FieldType::MultiPick(options)));
        registry
    }

    fn said(object: &str, language: Language, root: &Json) -> String {
        let registry = registry();
        let filter = Filter::parse(&json!({"v": 1, "where": root})).expect("a form");
        let object = registry.object(object).expect("there");
        let filter = check(&registry, object, &filter, &|_, _| true);
        let filter = filter.unwrap_or_else(|errors| panic!("{root}: {errors:?}"));
        let names = |_: &Field, id: Uuid| (id == Uuid::nil()).then(|| "Ann Lee".to_owned());
        Sentence { language, timezone: Tz::Europe__Berlin, names: &names }.of(&filter)
    }

    fn both(object: &str, root: Json, english: &str, german: &str) {
        assert_eq!(said(object, Language::En, &root), english);
        assert_eq!(said(object, Language::De, &root), german);
    }

    #[test]
    fn a_filter_reads_as_a_sentence() {
        let status = json!({"field": "status", "op": "in", "value": ["new", "working"]});
        let created = json!({"field": "created_at", "op": "eq",
            "value": {"relative": "last", "count": 7, "unit": "day"}});
        both(
            "lead",
            json!({"and": [status, created]}),
            "Status is New or Working and Created is in the last 7 days",
            "Status ist Neu oder In Arbeit und Angelegt ist innerhalb der letzten 7 Tage",
        );
        both(
            "lead",
            json!({"or": [{"and": [status, {"not": {"or": [created, {"field": "email", "op": "empty"}]}}]},
                {"field": "owner_id", "op": "in", "value": [{"ref": "me"}, Uuid::nil()]}]}),
            "(Status is New or Working and not (Created is in the last 7 days or E-mail is empty)) \
             or Owner is me or Ann Lee",
            "(Status ist Neu oder In Arbeit und nicht (Angelegt ist innerhalb der letzten 7 Tage oder E-Mail ist \
             leer)) oder Zuständig ist man selbst oder Ann Lee",
        );
        both("lead", json!({"and": []}), "everything", "alles");
        both("lead", json!({"or": []}), "nothing", "nichts");
    }

    #[test]
    fn each_operator_has_its_words() {
        let kinds = |op: &str, value: Json| json!({"field": "c_kinds", "op": op, "value": value});
        for (object, root, english, german) in [
            (
                "lead",
                json!({"field": "company", "op": "contains", "value": "{field} \"x"}),
                "Company contains “{field} \"x”",
                "Unternehmen enthält „{field} \"x“",
            ),
            (
                "lead",
                json!({"field": "company", "op": "starts_with", "value": "A"}),
                "Company starts with “A”",
                "Unternehmen beginnt mit „A“",
            ),
            (
                "lead",
                json!({"field": "status", "op": "not_in", "value": ["new", "working"]}),
                "Status is none of New, Working",
                "Status ist nichts von Neu, In Arbeit",
            ),
            (
                "lead",
                json!({"field": "status", "op": "not_in", "value": ["new"]}),
                "Status is not New",
                "Status ist nicht Neu",
            ),
            (
                "lead",
                kinds("any_of", json!(["a", "b"])),
                "Kinds has Alpha or Beta",
                "Arten hat Alfa oder Beta",
            ),
            (
                "lead",
                kinds("all_of", json!(["a", "b"])),
                "Kinds has Alpha and Beta",
                "Arten hat Alfa und Beta",
            ),
            (
                "lead",
                kinds("none_of", json!(["a", "b"])),
                "Kinds has none of Alpha, Beta",
                "Arten hat nichts von Alfa, Beta",
            ),
            (
                "lead",
                kinds("in", json!([["a", "b"], ["b"]])),
                "Kinds is (Alpha and Beta) or Beta",
                "Arten ist (Alfa und Beta) oder Beta",
            ),
            (
                "opportunity",
                json!({"field": "amount", "op": "gte", "value": "12.50"}),
                "Amount is at least 12.5",
                "Betrag ist mindestens 12,5",
            ),
            (
                "opportunity",
                json!({"field": "close_date", "op": "between", "value": ["2026-01-31", "2026-02-01"]}),
                "Close date is between January 31, 2026 and February 1, 2026",
                "Abschluss liegt zwischen 31.01.2026 und 01.02.2026",
            ),
            (
                "opportunity",
                json!({"field": "close_date", "op": "lt", "value": {"relative": "this", "unit": "quarter"}}),
                "Close date is before this quarter",
                "Abschluss liegt vor diesem Quartal",
            ),
            (
                "opportunity",
                json!({"field": "created_at", "op": "gt", "value": "2026-07-01T22:30:00Z"}),
                "Created is after July 2, 2026, 00:30",
                "Angelegt liegt nach 02.07.2026, 00:30",
            ),
            (
                "opportunity",
                json!({"field": "account.parent.employees", "op": "lte", "value": 5}),
                "Account › Part of › Employees is at most 5",
                "Firma › Teil von › Beschäftigte ist höchstens 5",
            ),
            (
                "opportunity",
                json!({"field": "account_id", "op": "eq", "value": Uuid::from_u128(9)}),
                "Account is something unknown",
                "Firma ist etwas Unbekanntes",
            ),
            (
                "opportunity",
                json!({"field": "team_id", "op": "in", "value": [{"ref": "my_teams"}]}),
                "Team is one of my teams",
                "Team ist eines meiner Teams",
            ),
        ] {
            both(object, root, english, german);
        }
    }

    #[test]
    fn through_contacts_it_is_said_whether_one_is_such_or_all_are() {
        for (root, english, german) in [
            (
                json!({"field": "contacts", "op": "any_of", "value": [Uuid::nil(), Uuid::from_u128(9)]}),
                "Contacts has Ann Lee or something unknown",
                "Kontakte hat Ann Lee oder etwas Unbekanntes",
            ),
            (
                json!({"field": "contacts.city", "op": "eq", "value": "Köln"}),
                "Contacts (any) › City is “Köln”",
                "Kontakte (mindestens einer) › Ort ist „Köln“",
            ),
            (
                json!({"field": "contacts.account.city", "op": "not_contains", "value": "Köln"}),
                "Contacts (all) › Account › City does not contain “Köln”",
                "Kontakte (alle) › Firma › Ort enthält nicht „Köln“",
            ),
            (
                json!({"field": "contacts.email", "op": "empty"}),
                "Contacts (all) › E-mail is empty",
                "Kontakte (alle) › E-Mail ist leer",
            ),
        ] {
            both("opportunity", root, english, german);
        }
    }

    #[test]
    fn no_word_is_missing() {
        let operators: Vec<Operator> = [FieldType::Phone, FieldType::Date, FieldType::MultiPick(Vec::new())]
            .iter()
            .flat_map(|kind| super::super::operators(kind).iter().copied())
            .collect();
        for words in [&*ENGLISH, &*GERMAN] {
            assert!(operators.iter().all(|operator| words.operators.contains_key(operator)));
            for which in [Which::Last, Which::This, Which::Next] {
                for unit in [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year] {
                    let counted = &words.relative[&which][&unit];
                    assert_eq!(counted.other.is_some(), which != Which::This, "{which:?} {unit:?}");
                }
            }
        }
    }
}
