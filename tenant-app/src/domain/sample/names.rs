//! The words that a made-up organisation is told with. Domains end in `.example`, which nobody can own (RFC 2606).

pub(super) const FIRST: [&str; 32] = [
    "Anna", "Ben", "Clara", "David", "Elif", "Felix", "Greta", "Hannes", "Ines", "Jonas", "Katrin", "Lukas",
    "Mara", "Nils", "Olivia", "Paul", "Renata", "Stefan", "Tara", "Uwe", "Vera", "Walid", "Xenia", "Yusuf",
    "Zoe", "Marco", "Chloé", "Søren", "Łukasz", "Amélie", "José", "Márta",
];

pub(super) const LAST: [&str; 32] = [
    "Albrecht",
    "Bauer",
    "Castellanos",
    "Demir",
    "Eriksen",
    "Fischer",
    "Gärtner",
    "Hoffmann",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Müller",
    "Novak",
    "O'Brien",
    "Peters",
    "Quint",
    "Rossi",
    "Schäfer",
    "Tanaka",
    "Ulrich",
    "Vogel",
    "Weiß",
    "Yilmaz",
    "Zimmermann",
    "Moreau",
    "Nagy",
    "Papadopoulos",
    "Silva",
    "van Dijk",
    "Brandt",
    "Okafor",
];

pub(super) const COMPANY: [&str; 24] = [
    "Alpenblick",
    "Blaufeld",
    "Castor",
    "Deltawerk",
    "Elbtal",
    "Fjordline",
    "Grünwald",
    "Hansekontor",
    "Isarlicht",
    "Jadehof",
    "Kronberg",
    "Lindenhain",
    "Meridian",
    "Nordhang",
    "Orion",
    "Pallas",
    "Quellgrund",
    "Rheinufer",
    "Silberbach",
    "Taunus",
    "Uferstein",
    "Vindobona",
    "Westend",
    "Zenit",
];

pub(super) const BUSINESS: [(&str, &str); 12] = [
    ("Software", "Software"),
    ("Logistik", "Logistics"),
    ("Maschinenbau", "Manufacturing"),
    ("Energie", "Energy"),
    ("Medien", "Media"),
    ("Bau", "Construction"),
    ("Pharma", "Health"),
    ("Handel", "Retail"),
    ("Consulting", "Consulting"),
    ("Foods", "Food"),
    ("Finanz", "Finance"),
    ("Reisen", "Travel"),
];

pub(super) const FORM: [&str; 5] = ["GmbH", "AG", "KG", "SE", "Ltd"];

/// Place, postal code, country, and how its telephone numbers begin.
pub(super) const PLACE: [(&str, &str, &str, &str); 12] = [
    ("Berlin", "10115", "Germany", "+4930"),
    ("Hamburg", "20095", "Germany", "+4940"),
    ("München", "80331", "Germany", "+4989"),
    ("Köln", "50667", "Germany", "+49221"),
    ("Leipzig", "04109", "Germany", "+49341"),
    ("Wien", "1010", "Austria", "+431"),
    ("Zürich", "8001", "Switzerland", "+4144"),
    ("Amsterdam", "1012", "Netherlands", "+3120"),
    ("København", "1050", "Denmark", "+45"),
    ("Kraków", "30-001", "Poland", "+4812"),
    ("Lyon", "69001", "France", "+334"),
    ("Milano", "20121", "Italy", "+3902"),
];

pub(super) const STREET: [&str; 10] = [
    "Hauptstraße",
    "Bahnhofstraße",
    "Gartenweg",
    "Schillerplatz",
    "Am Markt",
    "Lindenallee",
    "Industriestraße",
    "Hafenstraße",
    "Ringstraße",
    "Mühlenweg",
];

pub(super) const JOB: [&str; 12] = [
    "Managing director",
    "Head of purchasing",
    "IT manager",
    "Head of sales",
    "Operations manager",
    "Buyer",
    "Marketing manager",
    "Chief financial officer",
    "Project manager",
    "Team lead",
    "Assistant",
    "Head of support",
];

pub(super) const DEAL: [&str; 10] = [
    "Annual licence",
    "Pilot project",
    "Rollout",
    "Framework contract",
    "Extension",
    "Migration",
    "Support package",
    "Training",
    "Replacement of the old system",
    "Second site",
];

pub(super) const LOST: [&str; 5] =
    ["Price", "Chose a competitor", "No budget this year", "Project was stopped", "No answer any more"];

pub(super) const TASK: [&str; 12] = [
    "Call back",
    "Send the offer",
    "Prepare the demo",
    "Follow up on the offer",
    "Arrange a meeting",
    "Clear up the contract",
    "Ask for the decision",
    "Send references",
    "Introduce the project manager",
    "Check the invoice",
    "Invite to the event",
    "Plan the kick-off",
];

pub(super) const NOTE: [&str; 12] = [
    "Prefers to be called in the morning.",
    "Budget is released, the decision comes from the board in two weeks.",
    "Uses a spreadsheet today and is unhappy with duplicates.",
    "Asked for two references in the same business.",
    "Very interested in the mobile use, wants to see it on site.",
    "The contract of the present supplier ends in spring.",
    "Data protection has to be cleared up with the works council.",
    "Met at the trade fair, wants a demo with their own data.",
    "Wants a price for 25 and for 60 people.",
    "Talks to two competitors as well; price is not what matters most.",
    "Their IT insists on single sign-on.",
    "Happy with the pilot. Next: involve purchasing.",
];

/// The local part of an address for a name.
pub(super) fn mailbox(name: &str) -> String {
    let mut text = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            ' ' => text.push('.'),
            'ä' => text.push_str("ae"),
            'ö' => text.push_str("oe"),
            'ü' => text.push_str("ue"),
            'ß' => text.push_str("ss"),
            'á' => text.push('a'),
            'é' => text.push('e'),
            'ø' => text.push('o'),
            'ł' => text.push('l'),
            other if other.is_ascii_alphanumeric() => text.push(other),
            _ => {}
        }
    }
    text
}
