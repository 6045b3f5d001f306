/** `/accounts/new` */
import { createFileRoute } from '@tanstack/react-router';
import { CreateAccount } from '../../features/accounts/components/create-account';

export const Route = createFileRoute('/_app/accounts/new')({ component: CreateAccount });
