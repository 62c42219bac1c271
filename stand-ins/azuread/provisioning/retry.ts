/** Tells if the plugin repeats a call of provisioning: after a conflict, or where a permission may not be known yet. */
export const isProvisioningBusy = (status: number) => status === 409 || status === 403;
