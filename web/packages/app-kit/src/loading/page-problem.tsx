/** A problem in the place of a page or list, in words. */
import { ProblemError } from '@abetworks/problem';
import { useProblemWording } from '@abetworks/problem/wording';
import { StateView } from '@abetworks/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface PageProblemProps {
  error: unknown;
  icon: ReactNode;
  action?: ReactNode;
}

export function PageProblem({ error, icon, action }: PageProblemProps) {
  const { t } = useTranslation('kit');
  const wordProblem = useProblemWording();
  const code = error instanceof ProblemError ? error.code : 'internal';
  return (
    <StateView
      failed
      icon={icon}
      title={t('failed.title')}
      text={wordProblem(code)}
      action={action}
    />
  );
}
