//! Records as CSV that opens right in a spreadsheet: UTF-8 with a byte order mark, CRLF, no cell that is a formula.

use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use crate::domain::metadata::registry::{Field, FieldType};
use crate::domain::value::Value;

/// The byte order mark, by which spreadsheets know UTF-8.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Which addresses have columns beside the primary one.
const FURTHER: [usize; 2] = [2, 3];

/// The file's beginning: mark and header line. Money has a second column for its currency.
pub fn header(fields: &[&Field]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    for field in fields {
        if let FieldType::FurtherAddresses(kind) = field.kind {
            for number in FURTHER {
                writer.write_field(format!("{}_{number}", kind.single()))?;
            }
            continue;
        }
        writer.write_field(&*field.name)?;
        if field.kind == FieldType::Money {
            writer.write_field(format!("{}_currency", field.name))?;
        }
    }
    writer.write_record(None::<&[u8]>)?;
    finish(writer)
}

/// Lines for a batch of records, each a value for every field.
pub fn lines<'v>(
    fields: &[&Field],
    records: impl Iterator<Item = &'v [Value]>,
) -> Result<Vec<u8>, csv::Error> {
    let mut writer = writer(Vec::new());
    for values in records {
        for (field, value) in fields.iter().zip(values) {
            write_cell(&mut writer, field, value)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    finish(writer)
}

fn write_cell(writer: &mut Writer<Vec<u8>>, field: &Field, value: &Value) -> Result<(), csv::Error> {
    if let FieldType::FurtherAddresses(_) = field.kind {
        let further = if let Value::Texts(further) = value { further.as_slice() } else { &[] };
        let cell = |index| further.get(index).map_or("", String::as_str);
        return (0..FURTHER.len()).try_for_each(|index| writer.write_field(harmless(cell(index)).as_bytes()));
    }
    match value {
        Value::Missing if field.kind == FieldType::Money => {
            writer.write_field("")?;
            writer.write_field("")
        }
        Value::Missing => writer.write_field(""),
        Value::Boolean(value) => writer.write_field(if *value { "true" } else { "false" }),
        Value::Integer(value) => writer.write_field(value.to_string()),
        Value::Decimal(value) => writer.write_field(value.to_string()),
        Value::Money(money) => {
            writer.write_field(money.shown().to_string())?;
            writer.write_field(&money.currency)
        }
        Value::Text(value) => writer.write_field(harmless(value).as_bytes()),
        Value::Texts(values) => writer.write_field(harmless(&values.join(";")).as_bytes()),
        Value::Ids(ids) => {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            writer.write_field(ids.join(";"))
        }
        Value::Addresses(addresses) => {
            let values: Vec<&str> = addresses.iter().map(|one| one.value.as_str()).collect();
            writer.write_field(harmless(&values.join(";")).as_bytes())
        }
        Value::Participants(participants) => {
            let ids: Vec<String> = participants.iter().map(|one| one.contact_id.to_string()).collect();
            writer.write_field(ids.join(";"))
        }
        Value::Links(links) => {
            let links: Vec<String> =
                links.iter().map(|link| format!("{}:{}", link.object, link.id)).collect();
            writer.write_field(links.join(";"))
        }
        Value::Date(value) => writer.write_field(value.to_string()),
        Value::Id(value) => writer.write_field(value.to_string()),
        Value::Time(value) => writer.write_field(value.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)),
    }
}

fn writer(start: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).quote_style(QuoteStyle::Necessary).from_writer(start)
}

fn finish(writer: Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}

/// Text that a spreadsheet would take for a formula gets a leading apostrophe; the importer removes it. A phone number
/// like `+49 (0)30 123456` is none, and programs that read the file want it as it is.
fn harmless(text: &str) -> Cow<'_, str> {
    let phone = text
        .strip_prefix('+')
        .is_some_and(|rest| rest.chars().all(|character| matches!(character, '0'..='9' | ' ' | '(' | ')')));
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !phone {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metadata::registry::{Object, Registry};

    fn fields<'a>(object: &'a Object, names: &[&str]) -> Vec<&'a Field> {
        names.iter().map(|name| object.field(name).expect("a field")).collect()
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn formulas_quotes_and_line_ends_are_safe() {
        let registry = Registry::standard();
        let fields = fields(registry.object("account").expect("there"), &["name", "phone", "created_at"]);
        let at = Value::Time(chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("a time"));
        let rows = [
            vec![text("=cmd|' /C calc'!A0"), text("+49 30 1"), Value::Missing],
            vec![text("Say \"hi\",\nthen"), text("@x"), at],
            vec![text("+1+cmd|'x'!A0"), text("+49-30-1"), Value::Missing],
        ];
        let bytes = lines(&fields, rows.iter().map(Vec::as_slice)).expect("written");
        assert_eq!(
            String::from_utf8(bytes).expect("UTF-8"),
            "'=cmd|' /C calc'!A0,+49 30 1,\r\n\"Say \"\"hi\"\",\nthen\",'@x,2027-01-15T08:00:00.000Z\r\n\
             '+1+cmd|'x'!A0,'+49-30-1,\r\n"
        );
    }

    #[test]
    fn the_second_and_third_address_have_columns() {
        let registry = Registry::standard();
        let lead = registry.object("lead").expect("there");
        let files: Vec<Field> =
            fields(lead, &["email", "emails", "phones"]).into_iter().map(Field::in_files).collect();
        let fields: Vec<&Field> = files.iter().collect();
        let names = b"\xef\xbb\xbfemail,email_2,email_3,phone_2,phone_3\r\n";
        assert_eq!(header(&fields).expect("written"), names);
        let rows = [
            vec![text("a@x"), Value::Texts(vec!["b@x".into()]), Value::Texts(vec!["+1".into(), "2".into()])],
            vec![Value::Missing, Value::Texts(Vec::new()), Value::Missing],
        ];
        let bytes = lines(&fields, rows.iter().map(Vec::as_slice)).expect("written");
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), "a@x,b@x,,+1,2\r\n,,,,\r\n");
    }

    #[test]
    fn money_has_two_columns_and_numbers_no_apostrophe() {
        let registry = Registry::standard();
        let fields = fields(registry.object("opportunity").expect("there"), &["name", "amount"]);
        assert_eq!(header(&fields).expect("written"), b"\xef\xbb\xbfname,amount,amount_currency\r\n");
        let amount = rust_decimal::Decimal::new(-12_5000, 4);
        let money = Value::Money(crate::domain::value::Money { amount, currency: "EUR".into(), base: None });
        let rows = [vec![text("a"), money], vec![text("b"), Value::Missing]];
        let bytes = lines(&fields, rows.iter().map(Vec::as_slice)).expect("written");
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), "a,-12.50,EUR\r\nb,,\r\n");
    }
}
