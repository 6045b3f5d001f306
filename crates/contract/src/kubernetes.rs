//! Names of Kubernetes objects, labels, annotations, finalizers and field managers.

/// The API group of the custom resources.
pub const GROUP: &str = "platform.abetworks.io";

/// Labels; the selectors among them are never changed.
pub mod labels {
    /// Always `crm`.
    pub const NAME: &str = "app.kubernetes.io/name";
    /// The tenant's id.
    pub const INSTANCE: &str = "app.kubernetes.io/instance";
    /// `app`, `worker` or `migrate`.
    pub const COMPONENT: &str = "app.kubernetes.io/component";
    /// Always `abetworks-operator`.
    pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
    /// Always `abetworks`.
    pub const PART_OF: &str = "app.kubernetes.io/part-of";
    /// The version that the object was made for.
    pub const VERSION: &str = "app.kubernetes.io/version";
    /// The tenant's name.
    pub const TENANT: &str = "platform.abetworks.io/tenant";
    /// The tenant's UID.
    pub const TENANT_UID: &str = "platform.abetworks.io/tenant-uid";

    /// Value of [`NAME`].
    pub const NAME_CRM: &str = "crm";
    /// Value of [`PART_OF`].
    pub const PLATFORM: &str = "abetworks";
}

/// Annotations: what people ask of the operator and what it writes on its children.
pub mod annotations {
    /// `paused` stops writes to the instance while status keeps refreshing.
    pub const RECONCILE: &str = "platform.abetworks.io/reconcile";
    /// Any new value reconciles everything once, Secrets and grants included.
    pub const RECONCILE_AT: &str = "platform.abetworks.io/reconcile-at";
    /// Any new value rotates the database and Redis passwords.
    pub const ROTATE_CREDENTIALS: &str = "platform.abetworks.io/rotate-credentials";
    /// Any new value issues a new invitation for the admin.
    pub const INVITE_ADMIN: &str = "platform.abetworks.io/invite-admin";
    /// Lets a blocked deletion go on without what blocks it.
    pub const FORCE_DELETE: &str = "platform.abetworks.io/force-delete";
    /// Names the tenant that may start empty although retained data of that name exists.
    pub const START_EMPTY: &str = "platform.abetworks.io/start-empty";
    /// Who asked for the change, as the console writes it.
    pub const CHANGED_BY: &str = "platform.abetworks.io/changed-by";
    /// Digest of the ConfigMap that a pod was started with.
    pub const CONFIG_HASH: &str = "platform.abetworks.io/config-hash";
    /// Digest of the Secret that a pod was started with.
    pub const SECRET_HASH: &str = "platform.abetworks.io/secret-hash";
    /// The version that a Deployment is rolled to.
    pub const TARGET_VERSION: &str = "platform.abetworks.io/target-version";
    /// The revision of the pod template that a Deployment is built with.
    pub const TEMPLATE_REVISION: &str = "platform.abetworks.io/template-revision";

    /// Those of which any new value asks for an action once.
    pub const REQUESTS: [&str; 3] = [RECONCILE_AT, ROTATE_CREDENTIALS, INVITE_ADMIN];
}

/// Finalizers.
pub mod finalizers {
    /// On a Tenant whose instance exists.
    pub const INSTANCE: &str = "platform.abetworks.io/instance";
    /// On a plan or a server that a Tenant uses.
    pub const IN_USE: &str = "platform.abetworks.io/in-use";
}

/// Field managers of server-side apply.
pub mod managers {
    /// Children of a Tenant.
    pub const OPERATOR: &str = "abetworks-operator";
    /// The status of custom resources.
    pub const STATUS: &str = "abetworks-status";
    /// `status.usage`.
    pub const METER: &str = "abetworks-meter";
    /// Changes that admins make in the console.
    pub const CONSOLE: &str = "abetworks-console";
}

/// Objects of an instance.
pub mod objects {
    /// Deployment, Service, PodDisruptionBudget and HorizontalPodAutoscaler of the app; also its Secret.
    pub const APP: &str = "crm-app";
    /// Deployment of the worker.
    pub const WORKER: &str = "crm-worker";
    /// Ingress or HTTPRoute; also the ServiceAccount.
    pub const CRM: &str = "crm";
    /// ConfigMap.
    pub const CONFIG: &str = "crm-config";
    /// Prefix of migration Jobs.
    pub const MIGRATE: &str = "crm-migrate";
    /// ResourceQuota and LimitRange.
    pub const PLAN: &str = "plan";
    /// Secret of the migration Job alone.
    pub const OWNER_SECRET: &str = "crm-owner";
    /// Secret with the first admin's invitation link.
    pub const INVITATION_SECRET: &str = "crm-invitation";
    /// Secret for pulling images.
    pub const PULL_SECRET: &str = "crm-pull";
    /// The Secrets that the operator may get, patch and delete outside its own namespace.
    pub const SECRETS: [&str; 4] = [APP, OWNER_SECRET, INVITATION_SECRET, PULL_SECRET];
}
