//! Every operation of the API, asked by nobody, by someone without any right, and by an admin. A new one fails here until
//! it says what each of them gets.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::description::{operations, wants_session};
use crate::organisation::logo::PNG;
use crate::support::{Client, Instance, PASSWORD};

/// What someone without any right gets, who is signed in.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Weak {
    /// A refusal, which the admin's twin is not.
    Refused(u16),
    /// The same as everyone: it is their own, or everyone's.
    Own(u16),
    /// An empty page.
    Empty,
}

use Weak::{Empty, Own, Refused};

struct Case {
    operation: String,
    method: Method,
    path: String,
    body: Option<Value>,
    /// Instead of a body of JSON.
    image: Option<Vec<u8>>,
    /// The version that `If-Match` names.
    version: Option<Value>,
    weak: Weak,
    /// The admin's answer.
    admin: u16,
}

fn case(operation: &str, method: Method, path: &str, weak: Weak, admin: u16) -> Case {
    let (operation, path) = (operation.to_owned(), format!("/api/v1{path}"));
    Case { operation, method, path, body: None, image: None, version: None, weak, admin }
}

impl Case {
    fn with(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    fn matching(self, record: &Value) -> Self {
        Self { version: Some(record["version"].clone()), ..self }
    }

    async fn ask(&self, client: &Client) -> crate::support::Answer {
        let mut client = match &self.version {
            Some(version) => client.with("if-match", &format!("\"{version}\"")),
            None => client.clone(),
        };
        match &self.image {
            Some(image) => {
                client.send_bytes(self.method.clone(), &self.path, ("image/png", image.clone())).await
            }
            None => client.send(self.method.clone(), &self.path, self.body.as_ref()).await,
        }
    }
}

/// What strangers may ask, and what they get for these cases.
const PUBLIC: [(&str, u16); 10] = [
    ("organisation", 200),
    ("sign_in", 401),
    ("sign_in_second_factor", 410),
    ("check_invitation", 410),
    ("accept_invitation", 410),
    ("request_password_reset", 409),
    ("complete_password_reset", 410),
    ("request_registration", 409),
    ("begin_single_sign_on", 409),
    ("sign_in_single_sign_on", 410),
];

async fn made(client: &mut Client, path: &str, body: Value) -> Value {
    let answer = client.post(&format!("/api/v1{path}"), &body).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    answer.json()
}

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap_or_else(|| panic!("no id in {record}"))
}

/// What makes a record of an object, and what changes it.
fn bodies(object: &str, lead: &Value, stage: &Value) -> (Value, Value) {
    let links = json!([{"object": "lead", "id": lead["id"]}]);
    match object {
        "contact" | "lead" => (json!({"last_name": "x"}), json!({"last_name": "y"})),
        "opportunity" => (json!({"name": "x", "stage_id": stage["id"]}), json!({"name": "y"})),
        "note" => (json!({"body": "x", "links": links}), json!({"body": "y"})),
        _ => (json!({"name": "x"}), json!({"name": "y"})),
    }
}

/// The operations of one object's records.
async fn of_records(admin: &mut Client, object: &Value, lead: &Value, stage: &Value) -> Vec<Case> {
    let (name, path) = (object["name"].as_str().expect("a name"), object["path"].as_str().expect("a path"));
    let (new, patch) = bodies(name, lead, stage);
    let path = format!("/{path}");
    let mut records = Vec::new();
    for _ in 0..4 {
        records.push(made(admin, &path, new.clone()).await);
    }
    let at = |index: usize, rest: &str| format!("{path}/{}{rest}", id(&records[index]));
    let deleted = admin.with("if-match", "\"1\"").delete(&format!("/api/v1{}", at(3, ""))).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT, "{}", deleted.text());
    // Notes are seen with what they hang on: nobody is kept from asking for those.
    let (list, owned) = if name == "note" { (Empty, false) } else { (Refused(403), true) };
    let mut cases = vec![
        case(&format!("list_{}", &path[1..]), Method::GET, &path, list, 200),
        case(&format!("query_{}", &path[1..]), Method::POST, &format!("{path}/query"), list, 200)
            .with(json!({})),
        case(&format!("create_{name}"), Method::POST, &path, Refused(403), 201).with(new),
        case(&format!("get_{name}"), Method::GET, &at(0, ""), Refused(404), 200),
        case(&format!("update_{name}"), Method::PATCH, &at(0, ""), Refused(404), 200)
            .with(patch)
            .matching(&records[0]),
        case(&format!("delete_{name}"), Method::DELETE, &at(1, ""), Refused(404), 204).matching(&records[1]),
        case(&format!("restore_{name}"), Method::POST, &at(3, "/restore"), Refused(404), 200).with(json!({})),
        case(&format!("erase_{name}"), Method::POST, &at(2, "/erase"), Refused(404), 204).with(json!({})),
    ];
    if owned {
        let me = admin.get("/api/v1/users/current").await.json();
        let share = json!({"user_id": me["id"]});
        let given = made(admin, &at(0, "/shares"), share.clone()).await;
        let timeline = format!("get_{name}_timeline");
        cases.extend([
            case(&timeline, Method::GET, &at(0, "/timeline"), Refused(404), 200),
            case(&format!("explain_{name}_access"), Method::GET, &at(0, "/access"), Refused(404), 200),
            case(&format!("list_{name}_shares"), Method::GET, &at(0, "/shares"), Refused(404), 200),
            case(&format!("share_{name}"), Method::POST, &at(0, "/shares"), Refused(404), 201).with(share),
            case(
                &format!("unshare_{name}"),
                Method::DELETE,
                &at(0, &format!("/shares/{}", id(&given))),
                Refused(404),
                204,
            ),
        ]);
    }
    cases
}

/// The operations of the settings areas.
async fn of_settings(admin: &mut Client, instance: &Instance) -> Vec<Case> {
    let role = made(admin, "/roles", json!({"name": "Some"})).await;
    let team = made(admin, "/teams", json!({"name": "Some"})).await;
    let stages = json!([{"name": "x", "probability": 1, "outcome": "open"}]);
    let pipeline = json!({"name": "Some", "stages": stages});
    let pipeline = (pipeline.clone(), made(admin, "/pipelines", pipeline).await);
    let field =
        |slug: &str| json!({"object": "task", "slug": slug, "type": "text", "label": {"en": "x", "de": "x"}});
    let custom = made(admin, "/fields", field("first")).await;
    let tag = made(admin, "/tags", json!({"name": "Some"})).await;
    let view = json!({"object": "lead", "name": "Some", "visibility": "shared"});
    let view = (view.clone(), made(admin, "/views", view).await);
    let preference = json!({"is_default": true, "is_pinned": true});
    let invitation = |email: &str| json!({"email": email, "name": "x", "role_ids": [role["id"]]});
    let invited = made(admin, "/invitations", invitation("first@example.com")).await;
    let mut ben = instance.invited(admin, "ben@example.com", "member").await;
    let ben = ben.get("/api/v1/users/current").await.json();
    let renamed = || json!({"name": "Renamed"});
    let of = |path: &str, record: &Value| format!("/{path}/{}", id(record));
    vec![
        case("list_roles", Method::GET, "/roles", Own(200), 200),
        case("create_role", Method::POST, "/roles", Refused(403), 201).with(renamed()),
        case("get_role", Method::GET, &of("roles", &role), Refused(403), 200),
        case("update_role", Method::PATCH, &of("roles", &role), Refused(403), 200)
            .with(json!({"description": "x"}))
            .matching(&role),
        case("delete_role", Method::DELETE, &of("roles", &role), Refused(403), 412).matching(&role),
        case("list_teams", Method::GET, "/teams", Own(200), 200),
        case("create_team", Method::POST, "/teams", Refused(403), 201).with(renamed()),
        case("update_team", Method::PATCH, &of("teams", &team), Refused(403), 200)
            .with(renamed())
            .matching(&team),
        case("delete_team", Method::DELETE, &of("teams", &team), Refused(403), 412).matching(&team),
        case("list_pipelines", Method::GET, "/pipelines", Own(200), 200),
        case("create_pipeline", Method::POST, "/pipelines", Refused(403), 201).with(pipeline.0),
        case("update_pipeline", Method::PATCH, &of("pipelines", &pipeline.1), Refused(403), 200)
            .with(renamed())
            .matching(&pipeline.1),
        case("delete_pipeline", Method::DELETE, &of("pipelines", &pipeline.1), Refused(403), 412)
            .matching(&pipeline.1),
        case("list_fields", Method::GET, "/fields?object=task", Refused(403), 200),
        case("create_field", Method::POST, "/fields", Refused(403), 201).with(field("second")),
        case("get_field", Method::GET, &of("fields", &custom), Refused(403), 200),
        case("update_field", Method::PATCH, &of("fields", &custom), Refused(403), 200)
            .with(json!({"section": "more"}))
            .matching(&custom),
        case("list_tags", Method::GET, "/tags", Own(200), 200),
        case("create_tag", Method::POST, "/tags", Refused(403), 201).with(json!({"name": "Another"})),
        case("update_tag", Method::PATCH, &of("tags", &tag), Refused(403), 200)
            .with(renamed())
            .matching(&tag),
        case("delete_tag", Method::DELETE, &of("tags", &tag), Refused(403), 412).matching(&tag),
        case("list_views", Method::GET, "/views", Empty, 200),
        case("create_view", Method::POST, "/views", Refused(403), 201).with(view.0),
        case("get_view", Method::GET, &of("views", &view.1), Refused(404), 200),
        case("prefer_view", Method::PUT, &format!("{}/preference", of("views", &view.1)), Refused(404), 200)
            .with(preference),
        case("update_view", Method::PATCH, &of("views", &view.1), Refused(404), 200)
            .with(renamed())
            .matching(&view.1),
        case("delete_view", Method::DELETE, &of("views", &view.1), Refused(404), 412).matching(&view.1),
        case("list_invitations", Method::GET, "/invitations", Refused(403), 200),
        case("create_invitation", Method::POST, "/invitations", Refused(403), 201)
            .with(invitation("second@example.com")),
        case("delete_invitation", Method::DELETE, &of("invitations", &invited), Refused(403), 204),
        case("list_users", Method::GET, "/users", Own(200), 200),
        case("get_user", Method::GET, &of("users", &ben), Own(200), 200),
        case("update_user", Method::PATCH, &of("users", &ben), Refused(403), 200)
            .with(renamed())
            .matching(&ben),
        case(
            "create_password_reset",
            Method::POST,
            &format!("{}/password-reset", of("users", &ben)),
            Refused(403),
            201,
        )
        .with(json!({})),
        case(
            "remove_second_factor",
            Method::DELETE,
            &format!("{}/second-factor", of("users", &ben)),
            Refused(403),
            404,
        ),
        case("list_audit", Method::GET, "/audit", Refused(403), 200),
    ]
}

/// The organisation's own settings, and how people sign in.
async fn of_organisation(admin: &mut Client) -> Vec<Case> {
    let organisation = admin.get("/api/v1/organisation/settings").await.json();
    let logo = "/organisation/logo";
    let set = case("put_organisation_logo", Method::PUT, logo, Refused(403), 200);
    let set = Case { image: Some(PNG.to_vec()), ..set };
    let answer = set.ask(admin).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    vec![
        set,
        case("get_organisation_logo", Method::GET, logo, Own(200), 200),
        case("delete_organisation_logo", Method::DELETE, logo, Refused(403), 204),
        case("get_organisation_settings", Method::GET, "/organisation/settings", Own(200), 200),
        case("update_organisation_settings", Method::PATCH, "/organisation/settings", Refused(403), 200)
            .with(json!({"week_start": 7}))
            .matching(&organisation),
        case("get_sample_data", Method::GET, "/sample-data", Refused(403), 200),
        case("create_sample_data", Method::POST, "/sample-data", Refused(403), 201),
        case("delete_sample_data", Method::DELETE, "/sample-data", Refused(403), 204),
        case("get_sign_in_rules", Method::GET, "/sign-in-rules", Refused(403), 200),
        case("update_sign_in_rules", Method::PATCH, "/sign-in-rules", Refused(403), 200)
            .with(json!({"registration_domains": []}))
            .matching(&json!({"version": 1})),
        case("get_single_sign_on_settings", Method::GET, "/single-sign-on/settings", Refused(403), 200),
        case("update_single_sign_on_settings", Method::PATCH, "/single-sign-on/settings", Refused(403), 200)
            .with(json!({"label": "x"}))
            .matching(&json!({"version": 1})),
    ]
}

/// The operations of currencies' rates.
fn of_rates() -> Vec<Case> {
    vec![
        case("list_currency_rates", Method::GET, "/currency-rates", Refused(403), 200),
        case("put_currency_rate", Method::PUT, "/currency-rates/USD/2026-01-01", Refused(403), 200)
            .with(json!({"rate": "0.9"})),
        case("delete_currency_rate", Method::DELETE, "/currency-rates/USD/2026-01-01", Refused(403), 204),
    ]
}

/// What hangs on a person: another's is not there.
async fn of_people(admin: &mut Client, weak: &mut Client) -> Vec<Case> {
    let job = made(admin, "/exports", json!({"object": "leads"})).await;
    let expires_at = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let key = json!({"name": "x", "scopes": ["read"], "expires_at": expires_at.to_rfc3339()});
    let held = made(admin, "/api-keys", key.clone()).await;
    let sessions = admin.get("/api/v1/sessions").await.json();
    let session = sessions["items"][0].clone();
    let profile = weak.get("/api/v1/users/current").await.json();
    let wrong = || json!({"password": "not this one"});
    let (jobs, own) = (format!("/jobs/{}", id(&job)), "/users/current/second-factor");
    let strangers = json!({"token": "x", "name": "x", "password": PASSWORD});
    vec![
        case("list_objects", Method::GET, "/objects", Own(200), 200),
        case("organisation", Method::GET, "/organisation", Own(200), 200),
        case("start_export", Method::POST, "/exports", Refused(403), 202).with(json!({"object": "leads"})),
        case("download_export", Method::GET, &format!("/exports/{}/file", id(&job)), Own(404), 404),
        case("list_jobs", Method::GET, "/jobs?all=true", Refused(403), 200),
        case("get_job", Method::GET, &jobs, Refused(404), 200),
        case("retry_job", Method::POST, &format!("{jobs}/retry"), Refused(404), 409).with(json!({})),
        case("cancel_job", Method::POST, &format!("{jobs}/cancel"), Refused(404), 200).with(json!({})),
        case("list_trash", Method::GET, "/trash?object=leads", Refused(403), 200),
        case("list_api_keys", Method::GET, "/api-keys", Own(200), 200),
        case("create_api_key", Method::POST, "/api-keys", Own(201), 201).with(key),
        case("delete_api_key", Method::DELETE, &format!("/api-keys/{}", id(&held)), Refused(404), 204),
        case("list_sessions", Method::GET, "/sessions", Own(200), 200),
        case("current_session", Method::GET, "/sessions/current", Own(200), 200),
        case("get_profile", Method::GET, "/users/current", Own(200), 200),
        // The version of the weak person: nobody changes another's profile with it.
        case("update_profile", Method::PATCH, "/users/current", Own(200), 200)
            .with(json!({"theme": "dark"}))
            .matching(&profile),
        case("change_password", Method::POST, "/users/current/password", Own(422), 422)
            .with(json!({"current_password": "not this one", "new_password": PASSWORD})),
        case("begin_second_factor", Method::POST, own, Own(422), 422).with(wrong()),
        case("confirm_second_factor", Method::POST, &format!("{own}/confirm"), Own(409), 409)
            .with(json!({"code": "123456"})),
        case("disable_second_factor", Method::POST, &format!("{own}/disable"), Own(422), 422).with(wrong()),
        case("sign_in", Method::POST, "/sessions", Own(401), 401)
            .with(json!({"email": "nobody@example.com", "password": PASSWORD})),
        case("sign_in_second_factor", Method::POST, "/sessions/second-factor", Own(410), 410)
            .with(json!({"challenge": "x", "code": "123456"})),
        case("check_invitation", Method::POST, "/invitations/check", Own(410), 410)
            .with(json!({"token": "x"})),
        case("accept_invitation", Method::POST, "/invitations/accept", Own(410), 410).with(strangers),
        case("begin_single_sign_on", Method::POST, "/single-sign-on", Own(409), 409).with(json!({})),
        case("sign_in_single_sign_on", Method::POST, "/single-sign-on/callback", Own(410), 410)
            .with(json!({"code": "x", "state": "x"})),
        case("request_password_reset", Method::POST, "/password-resets", Own(409), 409)
            .with(json!({"email": "nobody@example.com"})),
        case("request_registration", Method::POST, "/registrations", Own(409), 409)
            .with(json!({"email": "nobody@example.com"})),
        case("complete_password_reset", Method::POST, "/password-resets/complete", Own(410), 410)
            .with(json!({"token": "x", "password": PASSWORD})),
        case("end_other_sessions", Method::POST, "/sessions/end-others", Own(200), 200).with(json!({})),
        case("end_session", Method::DELETE, &format!("/sessions/{}", id(&session)), Refused(404), 204),
        case("sign_out", Method::DELETE, "/sessions/current", Own(204), 401),
    ]
}

#[test]
fn what_is_open_to_strangers_is_described_so() {
    let public = PUBLIC.map(|(operation, _)| operation.to_owned());
    assert_eq!(operations(|operation| !wants_session(operation)), BTreeSet::from(public));
}

#[tokio::test]
async fn every_operation_refuses_who_has_no_right() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    made(&mut admin, "/roles", json!({"name": "Nobody"})).await;
    sqlx::query("UPDATE crm_roles SET key = 'nobody' WHERE name = 'Nobody'")
        .execute(&instance.pool)
        .await
        .expect("named");
    let mut weak = instance.invited(&mut admin, "wen@example.com", "nobody").await;
    let lead = made(&mut admin, "/leads", json!({"last_name": "Linked"})).await;
    let stage = admin.get("/api/v1/pipelines").await.json()["items"][0]["stages"][0].clone();

    let mut cases = Vec::new();
    for object in admin.get("/api/v1/objects").await.json()["items"].as_array().expect("items") {
        cases.extend(of_records(&mut admin, object, &lead, &stage).await);
    }
    cases.extend(of_settings(&mut admin, &instance).await);
    cases.extend(of_organisation(&mut admin).await);
    cases.extend(of_rates());
    cases.extend(of_people(&mut admin, &mut weak).await);
    let swept: BTreeSet<String> = cases.iter().map(|case| case.operation.clone()).collect();
    assert_eq!(
        operations(|_| true).symmetric_difference(&swept).collect::<Vec<_>>(),
        [""; 0],
        "operations without a case"
    );

    for case in &cases {
        let answer = case.ask(&instance.anonymous()).await;
        let public = PUBLIC.iter().find(|(operation, _)| *operation == case.operation);
        let wanted = public.map_or(401, |(_, status)| *status);
        assert_eq!(answer.status.as_u16(), wanted, "{} by nobody: {}", case.operation, answer.text());
    }
    for case in &cases {
        let answer = case.ask(&weak).await;
        let wanted = match case.weak {
            Refused(status) | Own(status) => status,
            Empty => 200,
        };
        assert_eq!(answer.status.as_u16(), wanted, "{} without rights: {}", case.operation, answer.text());
        assert!(
            case.weak != Empty || answer.json()["items"] == json!([]),
            "{}: {}",
            case.operation,
            answer.text()
        );
    }
    for case in &cases {
        let answer = case.ask(&admin).await;
        assert_eq!(answer.status.as_u16(), case.admin, "{} by an admin: {}", case.operation, answer.text());
        assert!(!matches!(case.weak, Refused(status) if status == case.admin), "{}: no twin", case.operation);
    }
}
