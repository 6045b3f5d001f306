/** `/register` */
import { createFileRoute } from '@tanstack/react-router';
import { Register } from '@/features/registration/register';

export const Route = createFileRoute('/register')({ component: Register });
