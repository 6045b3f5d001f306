/** The frame of the pages that need no session: sign-in, invitation. */
import { Box, Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './public-page.module.css';

interface PublicPageProps {
  title: string;
  text?: string | undefined;
  organisation?: string | undefined;
  footer?: ReactNode;
  children: ReactNode;
}

export function PublicPage({ title, text, organisation, footer, children }: PublicPageProps) {
  useDocumentTitle(organisation === undefined ? title : `${title} · ${organisation}`);
  return (
    <Center component="main" className={classes.page} p="md">
      <Stack w="100%" maw={420} gap="lg">
        <Stack gap={6} align="center" mih={84}>
          <Box className={classes.mark} aria-hidden>
            {organisation?.trim().charAt(0).toUpperCase()}
          </Box>
          <Text fw={600}>{organisation ?? '\u00a0'}</Text>
        </Stack>
        <Paper className={classes.card} radius="lg" p={{ base: 'lg', xs: 32 }}>
          <Title order={1} fz={22}>
            {title}
          </Title>
          {text === undefined ? null : (
            <Text c="dimmed" mt={4}>
              {text}
            </Text>
          )}
          <Box mt="lg">{children}</Box>
        </Paper>
        {footer}
      </Stack>
    </Center>
  );
}
